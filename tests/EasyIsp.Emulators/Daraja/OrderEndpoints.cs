using System.Globalization;
using System.Text.Json;

namespace EasyIsp.Emulators.Daraja;

/// <summary>The paths of initiators in section 1.1, as strict as sections 5 to 9 describe them.</summary>
internal static class OrderEndpoints
{
    private static readonly string[] Paths =
    [
        "/mpesa/b2c/v1/paymentrequest", "/mpesa/b2c/v3/paymentrequest", "/mpesa/transactionstatus/v1/query", "/mpesa/reversal/v1/request",
        "/mpesa/accountbalance/v1/query",
    ];

    private delegate (DarajaOrder? Order, DarajaError? Error) Reader(OrderBody body);

    public static bool Has(string path) => Paths.Contains(path);

    public static void MapOrders(this IEndpointRouteBuilder daraja)
    {
        Map(daraja, Paths[0], "PartyA", body => Payout(body, version: 1));
        Map(daraja, Paths[1], "PartyA", body => Payout(body, version: 3));
        Map(daraja, Paths[2], "PartyA", Status);
        Map(daraja, Paths[3], "ReceiverParty", Reversal);
        Map(daraja, Paths[4], "PartyA", Balance);
        daraja.MapGet("/_certificate", (DarajaCertificate certificate) => Results.File(certificate.Der, "application/pkix-cert", "EmulatedCertificate.cer"));
        daraja.MapGet("/_orders", (DarajaOrders orders) => Results.Json(orders.Taken.Reverse().Select(order => new
        {
            Kind = $"{order.Kind}", order.ConversationId, order.Receipt, order.Msisdn, order.Amount, order.ResultCode, order.NewReceipt, order.TakenAt, order.SettledAt,
        })));
    }

    private static void Map(IEndpointRouteBuilder daraja, string path, string shortCodeField, Reader read)
        => daraja.MapPost(path, async (HttpContext http, DarajaEmulator emulator, DarajaOrders orders, TimeProvider clock) =>
        {
            orders.CountOrder();
            if (await DarajaReplies.FaultAsync(http, emulator.Options.OrderFault, clock) is { } fault)
                return fault;
            if (DarajaEndpoints.TokenError(http.Request, emulator, out var consumerKey) is { } tokenError)
                return DarajaReplies.Error(tokenError);
            if (await DarajaEndpoints.ReadAsync(http.Request) is not { } json)
                return DarajaReplies.Error(DarajaError.MalformedPayload);
            if (Merchant(json, shortCodeField, emulator.Options, consumerKey) is not { } merchant)
                return DarajaReplies.Error(DarajaError.Invalid(shortCodeField));

            var (order, error) = read(new OrderBody(json, merchant, emulator.Options, orders, clock.GetUtcNow()));
            if (order is null)
                return DarajaReplies.Error(error!);
            orders.Take(order);
            return emulator.Options.OrderAnswerIsLost
                ? await DarajaReplies.ResetAfterAsync(http, TimeSpan.Zero, clock)
                : DarajaReplies.Json(200, new()
                {
                    ["ConversationID"] = order.ConversationId,
                    ["OriginatorConversationID"] = order.OriginatorConversationId,
                    ["ResponseCode"] = "0",
                    ["ResponseDescription"] = "Accept the service request successfully.",
                });
        });

    private static DarajaMerchant? Merchant(JsonElement json, string field, DarajaEmulatorOptions options, string consumerKey)
        => options.Merchants.FirstOrDefault(m => m.ShortCode == StkRequest.TextOf(json, field)
            && (!options.TokenOpensOnlyItsShortCodes || m.ConsumerKey == consumerKey));

    private static (DarajaOrder?, DarajaError?) Payout(OrderBody body, int version)
    {
        if (version == 3 && body.Text("OriginatorConversationID") is not { Length: > 0 and <= 64 })
            return (null, DarajaError.Invalid("OriginatorConversationID"));
        if (body.Text("CommandID") is not ("BusinessPayment" or "SalaryPayment" or "PromotionPayment"))
            return (null, DarajaError.Invalid("CommandID"));
        if (body.Amount is not (>= 10 and <= 250_000))
            return (null, DarajaError.Invalid("Amount"));
        if (body.Text("PartyB") is not { Length: 12 } msisdn || !(msisdn.StartsWith("2547", StringComparison.Ordinal) || msisdn.StartsWith("2541", StringComparison.Ordinal)))
            return (null, DarajaError.Invalid("PartyB"));
        if (version == 3 && body.Has("Occasion"))
            return (null, DarajaError.Invalid("Occasion"));
        if (body.CommonError("InitiatorName") is { } error)
            return (null, error);

        var id = version == 3 ? body.Text("OriginatorConversationID") : null;
        return id is not null && body.Orders.KnowsPayout(id)
            ? (null, DarajaError.DuplicateOriginator)
            : (body.Order(DarajaOrderKind.Payout, "InitiatorName", msisdn: msisdn, amount: body.Amount.Value, originator: id), null);
    }

    private static (DarajaOrder?, DarajaError?) Reversal(OrderBody body)
    {
        if (body.Text("CommandID") != "TransactionReversal")
            return (null, DarajaError.Invalid("CommandID"));
        if (body.Text("TransactionID") is not { Length: >= 9 and <= 12 } receipt)
            return (null, DarajaError.Invalid("TransactionID"));
        if (body.Amount is not >= 1)
            return (null, DarajaError.Invalid("Amount"));
        if (body.Text("RecieverIdentifierType") != "11")
            return (null, DarajaError.Invalid("RecieverIdentifierType"));
        return body.CommonError("Initiator") is { } error
            ? (null, error)
            : (body.Order(DarajaOrderKind.Reversal, "Initiator", receipt, amount: body.Amount.Value), null);
    }

    private static (DarajaOrder?, DarajaError?) Status(OrderBody body)
    {
        if (body.Text("CommandID") != "TransactionStatusQuery")
            return (null, DarajaError.Invalid("CommandID"));
        var (receipt, conversation) = (body.Text("TransactionID"), body.Text("OriginalConversationID"));
        if (receipt is null && conversation is null)
            return (null, DarajaError.Invalid("TransactionID"));
        if (body.Text("IdentifierType") != "4")
            return (null, DarajaError.Invalid("IdentifierType"));
        return body.CommonError("Initiator") is { } error
            ? (null, error)
            : (body.Order(DarajaOrderKind.Status, "Initiator", receipt, about: conversation), null);
    }

    private static (DarajaOrder?, DarajaError?) Balance(OrderBody body)
    {
        if (body.Text("CommandID") != "AccountBalance")
            return (null, DarajaError.Invalid("CommandID"));
        if (body.Text("IdentifierType") != "4")
            return (null, DarajaError.Invalid("IdentifierType"));
        return body.CommonError("Initiator") is { } error ? (null, error) : (body.Order(DarajaOrderKind.Balance, "Initiator"), null);
    }

    /// <summary>What all of them share.</summary>
    private sealed record OrderBody(JsonElement Json, DarajaMerchant Merchant, DarajaEmulatorOptions Options, DarajaOrders Orders, DateTimeOffset Now)
    {
        public decimal? Amount => decimal.TryParse(Text("Amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;

        public string? Text(string name) => StkRequest.TextOf(Json, name);

        public bool Has(string name) => Json.TryGetProperty(name, out _);

        public DarajaError? CommonError(string initiatorField)
        {
            if (Text(initiatorField) is not { Length: > 0 })
                return DarajaError.Invalid(initiatorField);
            if (Text("SecurityCredential") is not { Length: > 0 })
                return DarajaError.Invalid("SecurityCredential");
            if (Text("Remarks") is not { Length: >= 2 and <= 100 })
                return DarajaError.Invalid("Remarks");
            if (CallbackUrlRules.Read(Text("ResultURL"), Options) is null)
                return DarajaError.Invalid("ResultURL");
            return CallbackUrlRules.Read(Text("QueueTimeOutURL"), Options) is null ? DarajaError.Invalid("QueueTimeOutURL") : null;
        }

        public DarajaOrder Order(
            DarajaOrderKind kind, string initiatorField, string? receipt = null, string? msisdn = null, decimal amount = 0, string? originator = null, string? about = null) => new()
            {
                Kind = kind,
                Merchant = Merchant,
                ConversationId = DarajaOrders.NewConversationId(Now),
                OriginatorConversationId = originator ?? $"f1e2-4b95-a71d-{System.Security.Cryptography.RandomNumberGenerator.GetHexString(12, lowercase: true)}12345",
                ResultUrl = new Uri(Text("ResultURL")!),
                TimeOutUrl = new Uri(Text("QueueTimeOutURL")!),
                TakenAt = Now,
                Receipt = receipt,
                AboutConversation = about,
                Msisdn = msisdn,
                Amount = amount,
                Doom = Doom(kind, initiatorField),
            };

        /// <summary>Sections 5.1 and 5.2: found out when it is carried out, not when it is taken.</summary>
        private string? Doom(DarajaOrderKind kind, string initiatorField)
        {
            if (Text(initiatorField) != Merchant.InitiatorName || Orders.Certificate.Decrypt(Text("SecurityCredential")) != Merchant.InitiatorPassword)
                return "2001";
            return Merchant.MissingRoles.Contains(kind) ? "21" : null;
        }
    }
}
