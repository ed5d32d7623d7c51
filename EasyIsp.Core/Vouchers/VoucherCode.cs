using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Vouchers;

/// <summary>
/// A code that people copy by hand: capitals and digits that no one mistakes for each other. Nine letters of twenty-nine carry
/// 43 bits. The last one is a check letter: one wrong letter, or two that changed places, is known for a slip without looking it up.
/// </summary>
public static class VoucherCode
{
    public const int DefaultLength = 9;
    public const int MinLength = 6;
    public const int MaxLength = 20;
    public const int MaxPrefixLength = 6;

    /// <summary>With fewer a code may be guessed where many are on sale.</summary>
    public const int EnoughBits = 40;

    private const string Letters = RandomText.ReadableLetters;

    /// <summary>What may stand in a prefix alone.</summary>
    private const string OtherLetters = "01ILOUV";

    /// <summary>
    /// A prime, so that the weights 1, 2, 4 … (a primitive root's powers, as in the pure systems of ISO 7064) differ for 28 letters,
    /// which is more than a code has: every single slip and every exchange of two letters changes the sum.
    /// </summary>
    private static readonly int Modulus = Letters.Length;

    /// <summary>Not 0: a code of nothing but the letter of value 0 is no good code.</summary>
    private const int GoodSum = 1;

    /// <summary>How much chance the random letters carry.</summary>
    public static double BitsOf(int length) => length * Math.Log2(Letters.Length);

    /// <returns>As printed: <c>SV-K7M-P2Q-9XDA</c>, the check letter last.</returns>
    /// <param name="prefix">Letters and digits in front of the random part, or empty.</param>
    /// <param name="length">Of the random part.</param>
    public static string Generate(string prefix, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, MinLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        return Checked(prefix, RandomNumberGenerator.GetString(Letters, length));
    }

    /// <returns>As printed, with its check letter.</returns>
    public static string Checked(string prefix, string random) => Printed(prefix, random + CheckLetterOf(prefix + random));

    /// <summary>False: whoever typed it made a slip, or it was printed before codes had a check letter.</summary>
    /// <param name="code">As <see cref="Normalize"/> gives it.</param>
    public static bool HasGoodCheck(string code) => SumOf(code) == GoodSum;

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

        return length is < MinLength or > MaxPrefixLength + MaxLength + 1 ? null : new string(code[..length]);
    }

    /// <summary>The prefix as it is, the rest in groups of three or four.</summary>
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

    private static char CheckLetterOf(string code)
    {
        var missing = (GoodSum - (2 * SumOf(code)) + (2 * Modulus)) % Modulus;
        return Letters[missing];
    }

    private static int SumOf(string code)
    {
        var sum = 0;
        foreach (var letter in code)
            sum = ((2 * sum) + ValueOf(letter)) % Modulus;
        return sum;
    }

    private static int ValueOf(char letter)
        => Letters.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var value ? value : OtherLetters.IndexOf(letter, StringComparison.Ordinal);
}
