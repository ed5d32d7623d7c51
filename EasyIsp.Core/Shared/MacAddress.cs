namespace EasyIsp.Core.Shared;

/// <summary>A hardware address in the spelling of RouterOS: upper case, colons.</summary>
public static class MacAddress
{
    public const int TextLength = 17;

    /// <summary>As <see cref="Normalize"/>, of what is typed into a search field: there twelve digits alone are a phone number.</summary>
    public static string? FromSearch(string text)
        => text.Any(char.IsAsciiLetter) || text.Contains(':') ? Normalize(text) : null;

    /// <returns>Null when the text holds anything but twelve hexadecimal digits and separators.</returns>
    public static string? Normalize(string? text)
    {
        if (text is null || text.Length > 40)
            return null;

        Span<char> digits = stackalloc char[12];
        var count = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiHexDigit(character))
            {
                if (count == 12)
                    return null;
                digits[count++] = char.ToUpperInvariant(character);
            }
            else if (character is not (':' or '-' or '.' or ' '))
            {
                return null;
            }
        }

        return count < 12
            ? null
            : $"{digits[..2]}:{digits[2..4]}:{digits[4..6]}:{digits[6..8]}:{digits[8..10]}:{digits[10..]}";
    }

    /// <param name="number">As <see cref="ToNumber"/> makes it.</param>
    public static string FromNumber(long number) => string.Create(TextLength, number, static (text, bits) =>
    {
        for (var at = TextLength - 1; at >= 0; at--)
        {
            if (at % 3 == 2)
            {
                text[at] = ':';
                continue;
            }

            var digit = (int)(bits & 0xF);
            text[at] = (char)(digit < 10 ? '0' + digit : 'A' + digit - 10);
            bits >>= 4;
        }
    });

    /// <param name="address">As <see cref="Normalize"/> spells it.</param>
    /// <returns>Its 48 bits.</returns>
    public static long ToNumber(string address)
    {
        var bits = 0L;
        foreach (var character in address)
        {
            if (char.IsAsciiHexDigit(character))
                bits = (bits << 4) | (uint)(char.IsAsciiDigit(character) ? character - '0' : char.ToUpperInvariant(character) - 'A' + 10);
        }

        return bits;
    }
}
