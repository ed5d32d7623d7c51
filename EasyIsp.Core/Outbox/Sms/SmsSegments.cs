using System.Text;

namespace EasyIsp.Core.Outbox.Sms;

/// <summary>
/// How a rendered text is cut into billable parts (3GPP TS 23.038). One character outside GSM-7 more than halves the
/// room of the whole text.
/// </summary>
/// <param name="Units">Septets in GSM-7, UTF-16 units in UCS-2.</param>
public readonly record struct SmsSegments(SmsEncoding Encoding, int Units, int Parts)
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extended = "^{}\\[~]|€\f";

    public static SmsSegments Of(string text)
    {
        var encoding = text.All(c => SeptetsOf(c) > 0) ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2;
        var costs = encoding == SmsEncoding.Gsm7
            ? text.Select(SeptetsOf)
            : text.EnumerateRunes().Select(rune => rune.Utf16SequenceLength);
        var (single, each) = encoding == SmsEncoding.Gsm7 ? (160, 153) : (70, 67);

        var units = 0;
        var parts = 1;
        var filled = 0;
        foreach (var cost in costs)
        {
            units += cost;
            // An escape pair or a surrogate pair is never cut: it moves to the next part as a whole.
            if (filled + cost > each)
            {
                parts++;
                filled = 0;
            }

            filled += cost;
        }

        return new SmsSegments(encoding, units, units <= single ? 1 : parts);
    }

    /// <summary>
    /// Replaces the typographer's characters that word processors put in, so that a text stays in GSM-7 where it can.
    /// </summary>
    public static string Simplify(string text)
    {
        var simple = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '’' or '‘' or '`' => simple.Append('\''),
                '“' or '”' => simple.Append('"'),
                '–' or '—' => simple.Append('-'),
                '…' => simple.Append("..."),
                '\u00a0' or '\t' => simple.Append(' '),
                _ => simple.Append(c),
            };
        }

        return simple.ToString();
    }

    /// <returns>1, 2 behind an escape, or 0 when GSM-7 does not have it.</returns>
    private static int SeptetsOf(char c)
    {
        if (Basic.Contains(c))
            return 1;
        return Extended.Contains(c) ? 2 : 0;
    }
}

public enum SmsEncoding
{
    Gsm7,
    Ucs2,
}
