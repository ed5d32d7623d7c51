using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments;

/// <summary>What the tenant copies from the provider's portal. Printing it shows no secret.</summary>
/// <param name="BaseUrl">Daraja's address: production, sandbox or an emulator's.</param>
/// <param name="TillNumber">Null for a Paybill.</param>
/// <param name="Bank">Where the money goes instead of to the short code; null for a Paybill or a till of one's own.</param>
public sealed record NewPaymentAccount(
    string Name,
    string BaseUrl,
    string ShortCode,
    string? TillNumber,
    string ConsumerKey,
    string ConsumerSecret,
    string Passkey,
    BankDestination? Bank = null)
{
    public ShortCodeKind Kind => Bank is not null ? ShortCodeKind.BankPaybill : TillNumber is not null ? ShortCodeKind.Till : ShortCodeKind.Paybill;

    public override string ToString() => $"{Name} ({ShortCode})";
}

/// <summary>A field of a payment account that cannot stand as it is.</summary>
public enum PaymentAccountFault
{
    Name,
    BaseUrl,
    ShortCode,
    TillNumber,

    /// <summary>Not 5 to 7 digits, or the very short code that asks.</summary>
    BankPaybill,

    /// <summary>Empty, longer than M-Pesa carries, or with other signs than letters and digits.</summary>
    BankAccount,
    ConsumerKey,
    ConsumerSecret,
    Passkey,
}

/// <summary>What a payment account's fields must satisfy; the form asks the same questions as the use case.</summary>
public static class PaymentAccountRules
{
    public const int MaxNameLength = 60;
    public const int MaxBaseUrlLength = 200;
    public const int MaxShortCodeLength = 7;
    public const int MaxTillNumberLength = 12;
    public const int MaxKeyLength = 200;

    public static IReadOnlyList<PaymentAccountFault> FaultsIn(NewPaymentAccount account) => [.. Faults(account)];

    internal static bool IsName(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= MaxNameLength;

    internal static bool IsAddress(string text) => text.Length <= MaxBaseUrlLength && WebAddress.IsBase(text);

    internal static bool IsShortCode(string text) => text.Length is >= 5 and <= MaxShortCodeLength && text.All(char.IsAsciiDigit);

    private static IEnumerable<PaymentAccountFault> Faults(NewPaymentAccount account)
    {
        if (!IsName(account.Name))
            yield return PaymentAccountFault.Name;
        if (!IsAddress(account.BaseUrl))
            yield return PaymentAccountFault.BaseUrl;
        if (!IsShortCode(account.ShortCode))
            yield return PaymentAccountFault.ShortCode;
        if (account.TillNumber is { } till && (account.Bank is not null || till.Length is < 5 or > MaxTillNumberLength || !till.All(char.IsAsciiDigit)))
            yield return PaymentAccountFault.TillNumber;
        if (account.Bank is { } bank && (!IsShortCode(bank.Paybill) || bank.Paybill == account.ShortCode))
            yield return PaymentAccountFault.BankPaybill;
        if (account.Bank is { Account: var number } && !StkPushOrder.TakesReference(number))
            yield return PaymentAccountFault.BankAccount;
        if (!IsKey(account.ConsumerKey))
            yield return PaymentAccountFault.ConsumerKey;
        if (!IsKey(account.ConsumerSecret))
            yield return PaymentAccountFault.ConsumerSecret;
        if (!IsKey(account.Passkey))
            yield return PaymentAccountFault.Passkey;
    }

    internal static bool IsKey(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= MaxKeyLength;
}
