using System.Globalization;
using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Daraja;

/// <summary>What becomes of an order, and what its result tells (sections 5.3 to 9).</summary>
internal static class OrderBooks
{
    /// <summary>Called under the lock of the books.</summary>
    public static string Judge(DarajaOrder order, DarajaOrders orders, DarajaEmulator emulator) => order.Kind switch
    {
        DarajaOrderKind.Payout when order.Msisdn!.EndsWith("240", StringComparison.Ordinal) => "2040",
        DarajaOrderKind.Payout => orders.FundsOf(order.Merchant) < order.Amount ? "1" : "0",
        DarajaOrderKind.Reversal => JudgeReversal(order, orders, emulator),
        DarajaOrderKind.Status => Line(order, emulator) is null && Outgoing(order, orders) is null ? "25" : "0", // which code is not documented
        _ => "0",
    };

    public static void Describe(DarajaOrder order, DarajaOrders orders, DarajaEmulator emulator)
    {
        if (order.ResultCode != "0")
            return;
        order.Parameters.AddRange(order.Kind switch
        {
            DarajaOrderKind.Payout => Payout(order, orders),
            DarajaOrderKind.Reversal => Reversal(order, orders, emulator),
            DarajaOrderKind.Balance => Balance(order, orders),
            _ => Line(order, emulator) is { } line ? StatusOf(line, emulator) : StatusOf(Outgoing(order, orders)!),
        });
    }

    private static string JudgeReversal(DarajaOrder order, DarajaOrders orders, DarajaEmulator emulator)
    {
        if (Line(order, emulator) is not { } line || line.ShortCode != order.Merchant.ShortCode || order.Amount > line.Amount)
            return "R000002";
        if (orders.CarriedOut.Any(other => other != order && other.Kind == DarajaOrderKind.Reversal && other.Receipt == order.Receipt))
            return "R000001";
        return orders.FundsOf(order.Merchant) < order.Amount ? "1" : "0";
    }

    /// <summary>What a bank's Paybill received is in nobody's books here (3.2).</summary>
    private static DarajaStatementLine? Line(DarajaOrder order, DarajaEmulator emulator) => order.Receipt is null ? null : emulator.Statement.Lines
        .FirstOrDefault(line => line.Receipt == order.Receipt && emulator.Options.Merchants.Any(m => m.ShortCode == line.ShortCode));

    private static DarajaOrder? Outgoing(DarajaOrder order, DarajaOrders orders) => orders.Taken.FirstOrDefault(other =>
        other.Kind is DarajaOrderKind.Payout or DarajaOrderKind.Reversal
        && ((order.Receipt is not null && other.NewReceipt == order.Receipt)
            || (order.AboutConversation is not null && (other.ConversationId == order.AboutConversation || other.OriginatorConversationId == order.AboutConversation))));

    private static IEnumerable<(string, JsonNode?)> Payout(DarajaOrder order, DarajaOrders orders) =>
    [
        ("TransactionAmount", order.Amount),
        ("TransactionReceipt", order.NewReceipt),
        ("ReceiverPartyPublicName", $"{order.Msisdn} - JANE WANJIKU"),
        ("TransactionCompletedDateTime", order.SettledAt!.Value.ToOffset(TimeSpan.FromHours(3)).ToString("dd.MM.yyyy HH:mm:ss", CultureInfo.InvariantCulture)),
        ("B2CUtilityAccountAvailableFunds", orders.FundsOf(order.Merchant)),
        ("B2CWorkingAccountAvailableFunds", 0m),
        ("B2CRecipientIsRegisteredCustomer", "Y"),
        ("B2CChargesPaidAccountAvailableFunds", -15.40m),
    ];

    private static IEnumerable<(string, JsonNode?)> Reversal(DarajaOrder order, DarajaOrders orders, DarajaEmulator emulator) =>
    [
        ("DebitAccountBalance", Record("Utility Account", orders.FundsOf(order.Merchant))),
        ("Amount", order.Amount),
        ("TransCompletedTime", long.Parse(order.LocalTime, CultureInfo.InvariantCulture)),
        ("OriginalTransactionID", order.Receipt),
        ("Charge", 0),
        ("CreditPartyPublicName", $"{Line(order, emulator)!.Msisdn} - JANE WANJIKU"),
        ("DebitPartyPublicName", $"{order.Merchant.ShortCode} - DEMO ISP"),
    ];

    private static IEnumerable<(string, JsonNode?)> Balance(DarajaOrder order, DarajaOrders orders) =>
    [
        ("AccountBalance", string.Join('&',
            Record("Working Account", 700), Record("Utility Account", orders.FundsOf(order.Merchant)),
            Record("Charges Paid Account", -15.40m), Record("Organization Settlement Account", 0))),
        ("BOCompletedTime", long.Parse(order.LocalTime, CultureInfo.InvariantCulture)),
    ];

    /// <summary>DebitPartyName comes twice, as in the documented sample.</summary>
    private static IEnumerable<(string, JsonNode?)> StatusOf(DarajaStatementLine line, DarajaEmulator emulator)
    {
        var at = line.SettledAt.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var merchant = emulator.Options.Merchants.First(m => m.ShortCode == line.ShortCode);
        return
        [
            ("DebitPartyName", $"{line.Msisdn} - JANE WANJIKU"),
            ("DebitPartyName", $"{line.Msisdn} - JANE WANJIKU"),
            ("CreditPartyName", $"{merchant.Till ?? line.ShortCode} - DEMO ISP"),
            ("OriginatorConversationID", "ws_0001"),
            ("InitiatedTime", long.Parse(at, CultureInfo.InvariantCulture)),
            ("DebitAccountType", "MMF Account For Customer"),
            ("DebitPartyCharges", ""),
            ("TransactionReason", null),
            ("ReasonType", "Pay Bill Online"),
            ("TransactionStatus", "Completed"),
            ("FinalisedTime", long.Parse(at, CultureInfo.InvariantCulture)),
            ("Amount", line.Amount),
            ("ConversationID", "AG_0001"),
            ("ReceiptNo", line.Receipt),
        ];
    }

    private static IEnumerable<(string, JsonNode?)> StatusOf(DarajaOrder outgoing) =>
    [
        ("DebitPartyName", $"{outgoing.Merchant.ShortCode} - DEMO ISP"),
        ("CreditPartyName", outgoing.Msisdn is null ? null : $"{outgoing.Msisdn} - JANE WANJIKU"),
        ("OriginatorConversationID", outgoing.OriginatorConversationId),
        ("TransactionStatus", outgoing.ResultCode is null ? "Initiated" : outgoing.ResultCode == "0" ? "Completed" : "Declined"),
        ("FinalisedTime", outgoing.ResultCode is null ? null : long.Parse(outgoing.LocalTime, CultureInfo.InvariantCulture)),
        ("Amount", outgoing.Amount),
        ("ConversationID", outgoing.ConversationId),
        ("ReceiptNo", outgoing.NewReceipt),
    ];

    private static string Record(string name, decimal amount)
        => string.Create(CultureInfo.InvariantCulture, $"{name}|KES|{amount:0.00}|{amount:0.00}|0.00|0.00");
}
