using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Vouchers;

/// <summary>
/// A code that people copy by hand: capitals and digits that no one mistakes for each other. Eight letters of twenty-eight
/// carry 38 bits, nine carry 43.
/// </summary>
public static class VoucherCode
{
    public const int DefaultLength = 9;
    public const int MinLength = 6;
    public const int MaxLength = 20;
    public const int MaxPrefixLength = 6;

    /// <returns>As printed: <c>SV-K7M-P2Q-9XD</c>.</returns>
    /// <param name="prefix">Letters and digits in front of the random part, or empty.</param>
    /// <param name="length">Of the random part.</param>
    public static string Generate(string prefix, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, MinLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        return Printed(prefix, RandomNumberGenerator.GetString(RandomText.ReadableLetters, length));
    }

    /// <returns>Capitals without separators; null when it is no possible code.</returns>
    public static string? Normalize(string? text)
    {
        if (text is null || text.Length > 60)
            return null;

        Span<char> code = stackalloc char[60];
        var length = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiLetterOrDigit(character))
                code[length++] = char.ToUpperInvariant(character);
            else if (character is not (' ' or '-'))
                return null;
        }

        return length is < MinLength or > MaxPrefixLength + MaxLength ? null : new string(code[..length]);
    }

    /// <summary>The prefix as it is, the random part in groups of three or four.</summary>
    public static string Printed(string prefix, string random)
    {
        var printed = new StringBuilder(prefix);
        var groups = (random.Length + 3) / 4;
        for (var start = 0; start < random.Length;)
        {
            var length = (random.Length - start + groups - 1) / groups--;
            if (printed.Length > 0)
                printed.Append('-');
            printed.Append(random, start, length);
            start += length;
        }

        return printed.ToString();
    }

    /// <summary>Whether it may stand in front of a code: up to six capitals or digits.</summary>
    public static bool IsPrefix(string prefix)
        => prefix.Length <= MaxPrefixLength && prefix.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
}
