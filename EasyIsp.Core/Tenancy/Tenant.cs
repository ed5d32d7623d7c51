using System.Text.RegularExpressions;

namespace EasyIsp.Core.Tenancy;

/// <summary>One Internet provider. What ties it to a country (currency, zone, phone rules) is its own setting.</summary>
public sealed partial class Tenant
{
    public const int MaxSlugLength = 40;

    private Tenant() { }

    public Guid Id { get; private set; }

    /// <summary>The short name in addresses and sign-ins: lower-case letters, digits and hyphens.</summary>
    public string Slug { get; private set; } = null!;

    public string Name { get; private set; } = null!;

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = null!;

    /// <summary>Digits behind the decimal point that money of this tenant may have, 0 to 4.</summary>
    public int CurrencyDigits { get; private set; }

    /// <summary>IANA zone: day and month boundaries, screens and messages follow it.</summary>
    public string TimeZone { get; private set; } = null!;

    /// <summary>ISO 3166-1 alpha-2: how a phone number without country code is read.</summary>
    public string Country { get; private set; } = null!;

    /// <summary>The language of messages when the customer chose none: <c>en</c> or <c>sw</c>.</summary>
    public string Language { get; private set; } = null!;

    /// <summary>The brand's colour as <c>#rrggbb</c>, used by portal and console.</summary>
    public string AccentColor { get; private set; } = null!;

    /// <summary>Shown to customers who need a person, E.164.</summary>
    public string? SupportPhone { get; private set; }

    /// <summary>A refund of more than this needs a second person; null: none does.</summary>
    public decimal? RefundLimit { get; private set; }

    /// <summary>Staff who forgot their password may have a code by SMS, at the company's expense.</summary>
    public bool TextsStaffCodes { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? SuspendedAt { get; private set; }

    /// <exception cref="ArgumentException">The slug, colour or zone is malformed.</exception>
    public static Tenant Found(string slug, string name, TenantLocale locale, DateTimeOffset now)
    {
        if (!IsSlug(slug))
            throw new ArgumentException("A slug is 2 to 40 lower-case letters, digits or hyphens.", nameof(slug));

        var tenant = new Tenant { Id = Guid.CreateVersion7(now), Slug = slug, CreatedAt = now };
        tenant.Rename(name);
        tenant.Settle(locale);
        tenant.Brand("#0f766e", null);
        return tenant;
    }

    public static bool IsSlug(string? text) => text is not null && SlugPattern().IsMatch(text);

    public void Rename(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name.Trim();
    }

    /// <exception cref="ArgumentException">The zone is unknown to this system, or the currency has no sensible digits.</exception>
    public void Settle(TenantLocale locale)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(locale.CurrencyDigits, 4, nameof(locale));
        ArgumentOutOfRangeException.ThrowIfNegative(locale.CurrencyDigits, nameof(locale));
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(locale.TimeZone, out _))
            throw new ArgumentException($"'{locale.TimeZone}' is no known time zone.", nameof(locale));

        (Currency, CurrencyDigits, TimeZone, Country, Language) =
            (locale.Currency, locale.CurrencyDigits, locale.TimeZone, locale.Country, locale.Language);
    }

    /// <exception cref="ArgumentException">The colour is not <c>#rrggbb</c>.</exception>
    public void Brand(string accentColor, string? supportPhone)
    {
        if (!TenantProfileRules.IsColor(accentColor))
            throw new ArgumentException("A colour is written #rrggbb.", nameof(accentColor));

        (AccentColor, SupportPhone) = (accentColor.ToLowerInvariant(), supportPhone);
    }

    /// <exception cref="ArgumentOutOfRangeException">Less than nothing.</exception>
    public void LimitRefunds(decimal? most)
    {
        if (most is { } limit)
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(most));
        RefundLimit = most;
    }

    public void TextStaffCodes(bool isOn) => TextsStaffCodes = isOn;

    public void Suspend(DateTimeOffset now) => SuspendedAt ??= now;

    public void Resume() => SuspendedAt = null;

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{1,39}\z", RegexOptions.None, 100)]
    private static partial Regex SlugPattern();
}

/// <summary>Everything about a tenant that depends on where it works.</summary>
public sealed record TenantLocale(string Currency, int CurrencyDigits, string TimeZone, string Country, string Language)
{
    public static TenantLocale Kenya { get; } = new("KES", 2, "Africa/Nairobi", "KE", "en");
}
