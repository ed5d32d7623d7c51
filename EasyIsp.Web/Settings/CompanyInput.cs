using EasyIsp.Core.Tenancy;

namespace EasyIsp.Web.Settings;

/// <summary>What the fields of the company's form hold.</summary>
public sealed class CompanyInput
{
    public string? Name { get; set; }
    public string? AccentColor { get; set; }
    public string? SupportPhone { get; set; }
    public string? Language { get; set; }
    public string? TimeZone { get; set; }
    public string? Country { get; set; }
    public string? Currency { get; set; }
    public int? CurrencyDigits { get; set; }
    public decimal? RefundLimit { get; set; }

    public static CompanyInput Of(TenantProfile profile) => new()
    {
        Name = profile.Name,
        AccentColor = profile.AccentColor,
        SupportPhone = profile.SupportPhone,
        Language = profile.Locale.Language,
        TimeZone = profile.Locale.TimeZone,
        Country = profile.Locale.Country,
        Currency = profile.Locale.Currency,
        CurrencyDigits = profile.Locale.CurrencyDigits,
        RefundLimit = profile.RefundLimit,
    };

    public TenantProfile ToProfile() => new(
        Name,
        AccentColor?.Trim(),
        SupportPhone,
        new TenantLocale(Currency?.Trim().ToUpperInvariant() ?? "", CurrencyDigits ?? -1, TimeZone ?? "", Country ?? "", Language ?? ""))
    {
        RefundLimit = RefundLimit,
    };
}
