using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;

namespace EasyIsp.Web.Settings;

/// <summary>What the fields of the form for an M-Pesa account hold.</summary>
public sealed class PaymentAccountInput
{
    public string? Name { get; set; } = "M-Pesa";
    public ShortCodeKind Kind { get; set; }
    public DarajaEnvironment Environment { get; set; }
    public string? OwnAddress { get; set; }
    public string? ShortCode { get; set; }
    public string? TillNumber { get; set; }
    public string? BankPaybill { get; set; }
    public string? BankAccount { get; set; }
    public string? ConsumerKey { get; set; }
    public string? ConsumerSecret { get; set; }
    public string? Passkey { get; set; }

    public NewPaymentAccount ToAccount() => new(
        Trimmed(Name),
        Environment switch
        {
            DarajaEnvironment.Production => DarajaHosts.Production.AbsoluteUri,
            DarajaEnvironment.Sandbox => DarajaHosts.Sandbox.AbsoluteUri,
            _ => Trimmed(OwnAddress),
        },
        Trimmed(ShortCode),
        Kind == ShortCodeKind.Till ? Trimmed(TillNumber) : null,
        Trimmed(ConsumerKey),
        Trimmed(ConsumerSecret),
        Trimmed(Passkey),
        Kind == ShortCodeKind.BankPaybill ? new BankDestination(Trimmed(BankPaybill), WithoutGaps(BankAccount)) : null);

    /// <summary>As it is printed on a card or a cheque.</summary>
    private static string WithoutGaps(string? text) => Trimmed(text).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private static string Trimmed(string? text) => text?.Trim() ?? "";
}

public enum DarajaEnvironment
{
    Production,
    Sandbox,
    Other,
}
