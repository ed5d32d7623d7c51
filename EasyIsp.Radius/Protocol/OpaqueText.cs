using System.Text;

namespace EasyIsp.Radius.Protocol;

/// <summary>Text from the wire is whatever octets a client chose; this makes it fit to be read by people.</summary>
internal static class OpaqueText
{
    /// <summary>
    /// Printable UTF-8 as it is; control characters, backslash, quotes and broken UTF-8 as \xNN, octet by octet.
    /// </summary>
    public static string Escape(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder(octets.Length);
        while (!octets.IsEmpty)
        {
            var isValid = Rune.DecodeFromUtf8(octets, out var rune, out var size) is System.Buffers.OperationStatus.Done;
            if (isValid && IsPlain(rune))
                text.Append(rune.ToString());
            else
                AppendHex(text, octets[..size]);
            octets = octets[size..];
        }

        return text.ToString();
    }

    /// <summary>For a name that is shown to people and proven by nobody.</summary>
    /// <param name="maxLength">In UTF-16 units; what is longer is cut between characters.</param>
    /// <returns>Null when it is empty, no UTF-8, or holds what cannot be seen or turns the writing round.</returns>
    public static string? Printable(ReadOnlySpan<byte> octets, int maxLength)
    {
        var text = new StringBuilder(Math.Min(octets.Length, maxLength));
        while (!octets.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(octets, out var rune, out var size) is not System.Buffers.OperationStatus.Done || !IsVisible(rune))
                return null;
            if (text.Length + rune.Utf16SequenceLength > maxLength)
                break;
            text.Append(rune.ToString());
            octets = octets[size..];
        }

        return text.ToString().Trim() is { Length: > 0 } name ? name : null;
    }

    private static bool IsVisible(Rune rune)
        => rune.Value is ' ' || Rune.IsLetter(rune) || Rune.IsNumber(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);

    private static bool IsPlain(Rune rune) => rune.Value is ' '
        || (rune.Value is not ('\\' or '"' or '\'')
            && !Rune.IsControl(rune)
            && !Rune.IsWhiteSpace(rune)
            && Rune.GetUnicodeCategory(rune) is not System.Globalization.UnicodeCategory.Format);

    private static void AppendHex(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
            text.Append("\\x").Append(octet.ToString("X2"));
    }
}
