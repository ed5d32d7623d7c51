using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Reports;

/// <summary>What people type into a search field, as the search text spells it.</summary>
internal static class SearchTerm
{
    /// <summary>Trigrams find nothing shorter.</summary>
    public const int MinLength = 3;

    public const int MaxLength = 120;

    /// <summary>
    /// Devices in any spelling become <c>AA:BB:…</c>; digits with separators (<c>0712 345-678</c>) become the digits.
    /// </summary>
    /// <returns>Null when there is too little to search for.</returns>
    public static string? Normalize(string? typed)
    {
        var term = typed?.Trim() ?? "";
        if (term.Length > MaxLength)
            term = term[..MaxLength];
        if (MacAddress.Normalize(term) is { } device && (term.Any(char.IsAsciiLetter) || term.Contains(':')))
            return device;
        if (term.Any(char.IsAsciiDigit) && term.All(letter => char.IsAsciiDigit(letter) || letter is ' ' or '-' or '(' or ')' or '+'))
            term = string.Concat(term.Where(char.IsAsciiDigit));
        return term.Length < MinLength ? null : term;
    }
}
