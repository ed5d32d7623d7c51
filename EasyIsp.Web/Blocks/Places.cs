using System.Globalization;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Blocks;

/// <summary>The countries and time zones that a form offers.</summary>
internal static class Places
{
    /// <summary>By their English names.</summary>
    public static IReadOnlyList<(string Code, string Name)> Countries { get; } = [.. PhoneNumber.Countries
        .Select(code => (Code: code, Name: RegionOf(code)?.EnglishName ?? code))
        .OrderBy(country => country.Name, StringComparer.InvariantCulture)];

    private static readonly IReadOnlyList<string> Zones = [.. TimeZoneInfo.GetSystemTimeZones()
        .Where(zone => zone.HasIanaId)
        .Select(zone => zone.Id)
        .Order(StringComparer.Ordinal)];

    /// <returns>ISO 4217; null for a territory that this system knows no money of.</returns>
    public static string? CurrencyOf(string country) => RegionOf(country)?.ISOCurrencySymbol;

    public static Task<IEnumerable<string>> FindZonesAsync(string? words, CancellationToken cancellationToken)
        => Task.FromResult(string.IsNullOrWhiteSpace(words)
            ? Zones
            : Zones.Where(zone => zone.Contains(words.Trim().Replace(' ', '_'), StringComparison.OrdinalIgnoreCase)));

    private static RegionInfo? RegionOf(string country)
    {
        try
        {
            return new RegionInfo(country);
        }
        catch (ArgumentException)
        {
            return null; // a territory with phone numbers that this system has no name for
        }
    }
}
