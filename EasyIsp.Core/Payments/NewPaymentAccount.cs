using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments;

/// <summary>What the tenant copies from the provider's portal. Printing it shows no secret.</summary>
/// <param name="BaseUrl">Daraja's address: production, sandbox or an emulator's.</param>
/// <param name="TillNumber">Null for a Paybill.</param>
public sealed record NewPaymentAccount(
    string Name, string BaseUrl, string ShortCode, string? TillNumber, string ConsumerKey, string ConsumerSecret, string Passkey)
{
    public override string ToString() => $"{Name} ({ShortCode})";
}

/// <summary>A field of a payment account that cannot stand as it is.</summary>
public enum PaymentAccountFault
{
    Name,
    BaseUrl,
    ShortCode,
    TillNumber,
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

    internal static bool IsAddress(string text) => text.Length <= MaxBaseUrlLength && WebAddress.IsBase(text);

    internal static bool IsShortCode(string text) => text.Length is >= 5 and <= MaxShortCodeLength && text.All(char.IsAsciiDigit);

    private static IEnumerable<PaymentAccountFault> Faults(NewPaymentAccount account)
    {
        if (string.IsNullOrWhiteSpace(account.Name) || account.Name.Length > MaxNameLength)
            yield return PaymentAccountFault.Name;
        if (!IsAddress(account.BaseUrl))
            yield return PaymentAccountFault.BaseUrl;
        if (!IsShortCode(account.ShortCode))
            yield return PaymentAccountFault.ShortCode;
        if (account.TillNumber is { } till && (till.Length is < 5 or > MaxTillNumberLength || !till.All(char.IsAsciiDigit)))
            yield return PaymentAccountFault.TillNumber;
        if (!IsKey(account.ConsumerKey))
            yield return PaymentAccountFault.ConsumerKey;
        if (!IsKey(account.ConsumerSecret))
            yield return PaymentAccountFault.ConsumerSecret;
        if (!IsKey(account.Passkey))
            yield return PaymentAccountFault.Passkey;
    }

    private static bool IsKey(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= MaxKeyLength;
}
