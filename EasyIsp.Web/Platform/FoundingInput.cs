using EasyIsp.Core.Identity;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Platform;

/// <summary>What the fields of the founding form hold. Until it is typed in, the short name follows the name.</summary>
internal sealed class FoundingInput
{
    private string _name = "";
    private string _slug = "";
    private string _country = TenantLocale.Kenya.Country;
    private bool _isSlugTyped;

    public string Name
    {
        get => _name;
        set
        {
            _name = value;
            if (!_isSlugTyped)
                _slug = SlugOf(value);
        }
    }

    public string Slug
    {
        get => _slug;
        set => (_slug, _isSlugTyped) = (value, value.Length > 0);
    }

    /// <summary>Brings its currency with it.</summary>
    public string Country
    {
        get => _country;
        set => (_country, Currency) = (value, Places.CurrencyOf(value) ?? Currency);
    }

    public string Currency { get; set; } = TenantLocale.Kenya.Currency;
    public string? TimeZone { get; set; } = TenantLocale.Kenya.TimeZone;
    public string AdminName { get; set; } = "";
    public string AdminEmail { get; set; } = "";

    public Founding ToFounding() => new(
        Name,
        Slug.Trim(),
        TenantLocale.Kenya with { Country = Country, Currency = Currency.Trim().ToUpperInvariant(), TimeZone = TimeZone ?? "" },
        AdminName,
        AdminEmail);

    private static string SlugOf(string name)
    {
        var letters = name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-').ToArray();
        var slug = string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug[..Math.Min(slug.Length, Tenant.MaxSlugLength)].TrimEnd('-');
    }
}
