using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Reports;

/// <summary>What people type into a search field, as the search text spells it.</summary>
internal static class SearchTerm
{
    public const int MaxLength = 120;

    /// <summary>
    /// Devices in any spelling become <c>AA:BB:…</c>; digits with separators (<c>0712 345-678</c>) become the digits.
    /// </summary>
    /// <returns>Null when there is nothing to search for.</returns>
    public static string? Normalize(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;

        var term = typed.Trim();
        if (term.Length > MaxLength)
            term = term[..MaxLength];
        if (MacAddress.Normalize(term) is { } device && term.Any(char.IsAsciiLetter) | term.Contains(':'))
            return device;
        return term.All(letter => char.IsAsciiDigit(letter) || letter is ' ' or '-' or '(' or ')' or '+') && term.Any(char.IsAsciiDigit)
            ? string.Concat(term.Where(char.IsAsciiDigit))
            : term;
    }
}
