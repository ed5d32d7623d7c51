namespace EasyIsp.Core.Payments.Daraja;

/// <summary>One short code's way into Daraja. Printing it shows no secret.</summary>
public sealed record DarajaCredentials
{
    /// <summary>https://api.safaricom.co.ke, the sandbox, or an emulator below a path.</summary>
    public required Uri BaseUrl { get; init; }

    public required string ConsumerKey { get; init; }
    public required string ConsumerSecret { get; init; }

    /// <summary>BusinessShortCode: the paybill, or for a till the store (head office) number that went live.</summary>
    public required string ShortCode { get; init; }

    public required string Passkey { get; init; }
    public StkTransactionType TransactionType { get; init; } = StkTransactionType.CustomerPayBillOnline;

    /// <summary>
    /// PartyB: null for a paybill, which receives by itself; the till number for buy goods; the bank's paybill for
    /// an account behind a bank.
    /// </summary>
    public string? Receiver { get; init; }

    public override string ToString() => $"short code {ShortCode} at {BaseUrl.Host}";
}

/// <summary>Named as Daraja spells them. The wrong one fails in the callback with 2028, not when submitted.</summary>
public enum StkTransactionType
{
    CustomerPayBillOnline,
    CustomerBuyGoodsOnline,
}
