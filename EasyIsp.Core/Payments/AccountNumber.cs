using System.Globalization;

namespace EasyIsp.Core.Payments;

/// <summary>What people type where the provider asks for an account: spaces, case and leading zeros mean nothing.</summary>
internal static class AccountNumber
{
    private const int MostDigits = 12;

    /// <returns>Letters and digits alone, in capitals.</returns>
    public static string Normalize(string? typed)
        => string.Concat((typed ?? "").Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    /// <returns>The customer's number that it says exactly; null when it says anything else.</returns>
    public static long? Exact(string? typed)
    {
        var text = Normalize(typed);
        return text.All(char.IsAsciiDigit) ? NumberIn(text) : null;
    }

    /// <summary>Numbers that may have been meant: the digits among other letters, and what one slip of a finger makes of them.</summary>
    public static IReadOnlyCollection<long> Near(string? typed)
    {
        var digits = string.Concat(Normalize(typed).Where(char.IsAsciiDigit)).TrimStart('0');
        if (digits.Length is 0 or > MostDigits)
            return [];

        HashSet<string> slips = [digits];
        for (var at = 0; at <= digits.Length; at++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                slips.Add(digits.Insert(at, $"{digit}"));
                if (at < digits.Length)
                    slips.Add($"{digits[..at]}{digit}{digits[(at + 1)..]}");
            }

            if (at < digits.Length)
                slips.Add(digits.Remove(at, 1));
            if (at + 1 < digits.Length)
                slips.Add($"{digits[..at]}{digits[at + 1]}{digits[at]}{digits[(at + 2)..]}");
        }

        return [.. slips.Select(NumberIn).OfType<long>().Distinct()];
    }

    private static long? NumberIn(string digits)
        => digits.TrimStart('0') is { Length: > 0 and <= MostDigits } number ? long.Parse(number, CultureInfo.InvariantCulture) : null;
}
