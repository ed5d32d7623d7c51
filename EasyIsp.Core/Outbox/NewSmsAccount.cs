using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Outbox;

/// <summary>What the tenant copies from the gateway's portal. Printing it shows no secret.</summary>
public sealed record NewSmsAccount(string BaseUrl, string PartnerId, string ApiKey, string SenderId)
{
    public override string ToString() => $"{SenderId} at {BaseUrl}";
}

/// <summary>A field of an SMS account that cannot stand as it is.</summary>
public enum SmsAccountFault
{
    BaseUrl,
    PartnerId,
    ApiKey,
    SenderId,
}

/// <summary>What an SMS account's fields must satisfy; the form asks the same questions as the use case.</summary>
public static class SmsAccountRules
{
    public const int MaxBaseUrlLength = 200;
    public const int MaxPartnerIdLength = 60;
    public const int MaxApiKeyLength = 200;

    /// <summary>Of an alphanumeric sender id (3GPP TS 23.040, 9.1.2.5).</summary>
    public const int MaxSenderIdLength = 11;

    public static IReadOnlyList<SmsAccountFault> FaultsIn(NewSmsAccount account) => [.. Faults(account)];

    internal static bool IsAddress(string text) => text.Length <= MaxBaseUrlLength && WebAddress.IsBase(text);

    private static IEnumerable<SmsAccountFault> Faults(NewSmsAccount account)
    {
        if (!IsAddress(account.BaseUrl))
            yield return SmsAccountFault.BaseUrl;
        if (!Fits(account.PartnerId, MaxPartnerIdLength))
            yield return SmsAccountFault.PartnerId;
        if (!Fits(account.ApiKey, MaxApiKeyLength))
            yield return SmsAccountFault.ApiKey;
        if (!Fits(account.SenderId, MaxSenderIdLength))
            yield return SmsAccountFault.SenderId;
    }

    private static bool Fits(string text, int max) => !string.IsNullOrWhiteSpace(text) && text.Length <= max;
}
