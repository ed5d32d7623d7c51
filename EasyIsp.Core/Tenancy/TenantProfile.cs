using System.Text.RegularExpressions;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Tenancy;

/// <summary>What a tenant's own admin may change of the tenant, as he types it.</summary>
/// <param name="SupportPhone">In any spelling of the country; empty where there is none.</param>
public sealed record TenantProfile(string? Name, string? AccentColor, string? SupportPhone, TenantLocale Locale)
{
    public const int MaxNameLength = 120;
    public const decimal GreatestRefundLimit = 10_000_000;

    /// <inheritdoc cref="Tenant.RefundLimit"/>
    public decimal? RefundLimit { get; init; }

    public const int MaxCurrencyDigits = 4;

    /// <summary>The languages that messages are written in.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "sw"];

    public static TenantProfile Of(Tenant tenant) => new(
        tenant.Name,
        tenant.AccentColor,
        tenant.SupportPhone,
        new TenantLocale(tenant.Currency, tenant.CurrencyDigits, tenant.TimeZone, tenant.Country, tenant.Language))
    {
        RefundLimit = tenant.RefundLimit,
    };
}

/// <summary>A field of the profile that cannot stand as it is.</summary>
public enum TenantProfileFault
{
    Name,
    AccentColor,
    SupportPhone,
    Language,
    TimeZone,
    Country,
    Currency,
    CurrencyDigits,
    RefundLimit,
}

/// <summary>What a tenant's profile must satisfy; the form asks the same questions as the use case.</summary>
public static partial class TenantProfileRules
{
    public static IReadOnlyList<TenantProfileFault> FaultsIn(TenantProfile profile) => [.. Faults(profile), .. FaultsIn(profile.Locale)];

    public static bool IsName(string? text) => text?.Trim().Length is > 0 and <= TenantProfile.MaxNameLength;

    public static bool IsColor(string? text) => text is not null && ColorPattern().IsMatch(text);

    private static IEnumerable<TenantProfileFault> Faults(TenantProfile profile)
    {
        if (!IsName(profile.Name))
            yield return TenantProfileFault.Name;
        if (!IsColor(profile.AccentColor))
            yield return TenantProfileFault.AccentColor;
        if (!string.IsNullOrWhiteSpace(profile.SupportPhone) && PhoneNumber.Normalize(profile.SupportPhone, profile.Locale.Country) is null)
            yield return TenantProfileFault.SupportPhone;
        if (profile.RefundLimit is < 0 or > TenantProfile.GreatestRefundLimit)
            yield return TenantProfileFault.RefundLimit;
    }

    public static IEnumerable<TenantProfileFault> FaultsIn(TenantLocale locale)
    {
        if (!TenantProfile.Languages.Contains(locale.Language))
            yield return TenantProfileFault.Language;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(locale.TimeZone, out var zone) || !zone.HasIanaId)
            yield return TenantProfileFault.TimeZone;
        if (!PhoneNumber.Countries.Contains(locale.Country))
            yield return TenantProfileFault.Country;
        if (locale.Currency.Length != 3 || !locale.Currency.All(char.IsAsciiLetterUpper))
            yield return TenantProfileFault.Currency;
        if (locale.CurrencyDigits is < 0 or > TenantProfile.MaxCurrencyDigits)
            yield return TenantProfileFault.CurrencyDigits;
    }

    [GeneratedRegex(@"^#[0-9a-fA-F]{6}\z", RegexOptions.None, 100)]
    private static partial Regex ColorPattern();
}
