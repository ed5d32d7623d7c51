namespace EasyIsp.Core.Payments.Daraja;

/// <summary>One order of an initiator (mpesa.md, 5 to 9). Printing it shows no secret.</summary>
public abstract record OperationOrder
{
    public const decimal LeastPayout = 10;
    public const int LongestRemark = 100;
    public const int ShortestRemark = 2;

    private OperationOrder()
    {
    }

    public required OperationInitiator Initiator { get; init; }

    public required OperationAddresses Addresses { get; init; }

    /// <summary>2 to 100 characters.</summary>
    public required string Remarks { get; init; }

    internal abstract string Path { get; }

    internal abstract object Body(DarajaCredentials credentials);

    /// <summary>What became of a transaction, by its receipt or by the number of the order that made it.</summary>
    public sealed record Status : OperationOrder
    {
        public string? Receipt { get; init; }

        public string? ConversationId { get; init; }

        internal override string Path => DarajaPaths.Status;

        internal override object Body(DarajaCredentials credentials)
        {
            var body = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["Initiator"] = Initiator.Name,
                ["SecurityCredential"] = Initiator.SecurityCredential,
                ["CommandID"] = "TransactionStatusQuery",
                ["PartyA"] = credentials.ShortCode,
                ["IdentifierType"] = "4",
                ["ResultURL"] = Addresses.Result.AbsoluteUri,
                ["QueueTimeOutURL"] = Addresses.TimeOut.AbsoluteUri,
                ["Remarks"] = Remarks,
                ["Occasion"] = "",
            };
            if (Receipt is not null)
                body["TransactionID"] = Receipt;
            if (ConversationId is not null)
                body["OriginalConversationID"] = ConversationId;
            return body;
        }

        public override string ToString() => $"status of {Receipt ?? "an order"}";
    }

    /// <summary>Gives a customer's payment back, under its own receipt (mpesa.md, 7).</summary>
    public sealed record Reversal(string Receipt, decimal Amount) : OperationOrder
    {
        internal override string Path => DarajaPaths.Reverse;

        internal override object Body(DarajaCredentials credentials) => new
        {
            Initiator = Initiator.Name,
            Initiator.SecurityCredential,
            CommandID = "TransactionReversal",
            TransactionID = Receipt,
            Amount = OperationAmounts.Text(Amount),
            ReceiverParty = credentials.ShortCode,
            RecieverIdentifierType = "11", // sic
            ResultURL = Addresses.Result.AbsoluteUri,
            QueueTimeOutURL = Addresses.TimeOut.AbsoluteUri,
            Remarks,
            Occasion = "",
        };

        public override string ToString() => $"reversal of {Receipt}";
    }

    /// <summary>Pays a person. A repeated id is refused, so that sending twice pays once (mpesa.md, 6).</summary>
    /// <param name="Id">OriginatorConversationID, our own.</param>
    /// <param name="Phone">254 and nine digits.</param>
    /// <param name="Amount">Whole shillings, at least 10.</param>
    public sealed record Payout(string Id, string Phone, decimal Amount) : OperationOrder
    {
        internal override string Path => DarajaPaths.PayOut;

        internal override object Body(DarajaCredentials credentials) => new
        {
            OriginatorConversationID = Id,
            InitiatorName = Initiator.Name,
            Initiator.SecurityCredential,
            CommandID = "BusinessPayment",
            Amount = OperationAmounts.Text(Amount),
            PartyA = credentials.ShortCode,
            PartyB = Phone,
            Remarks,
            QueueTimeOutURL = Addresses.TimeOut.AbsoluteUri,
            ResultURL = Addresses.Result.AbsoluteUri,
            Occassion = "", // sic
        };

        public override string ToString() => $"payout of {Amount}";
    }

    public sealed record Balance : OperationOrder
    {
        internal override string Path => DarajaPaths.Balance;

        internal override object Body(DarajaCredentials credentials) => new
        {
            Initiator = Initiator.Name,
            Initiator.SecurityCredential,
            CommandID = "AccountBalance",
            PartyA = credentials.ShortCode,
            IdentifierType = "4",
            Remarks,
            QueueTimeOutURL = Addresses.TimeOut.AbsoluteUri,
            ResultURL = Addresses.Result.AbsoluteUri,
        };

        public override string ToString() => "balance";
    }
}

/// <param name="SecurityCredential">See <see cref="Daraja.SecurityCredential"/>.</param>
public sealed record OperationInitiator(string Name, string SecurityCredential)
{
    public override string ToString() => Name;
}

/// <summary>Where the outcome of one order is posted, and where it is told that the order waited too long.</summary>
public sealed record OperationAddresses(Uri Result, Uri TimeOut)
{
    // The paths are secrets.
    public override string ToString() => $"addresses at {Result.Authority}";
}

internal static class OperationAmounts
{
    public static string Text(decimal amount) => amount.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}
