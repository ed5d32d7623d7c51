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
