using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>The text of an SMS as templates see it.</summary>
public static class SmsText
{
    /// <summary>Ten parts of 153 characters and some more: no operator sends longer ones.</summary>
    public const int MaxLength = 2000;

    public const int MaxSenderLength = 40;

    /// <returns>Every run of blanks, line ends and control characters as one space; at most <see cref="MaxLength"/>.</returns>
    public static string Collapse(string text)
    {
        var collapsed = new StringBuilder(Math.Min(text.Length, MaxLength));
        var gap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsBlank(rune))
            {
                gap = collapsed.Length > 0;
                continue;
            }

            if (collapsed.Length + 1 + rune.Utf16SequenceLength > MaxLength)
                break;
            if (gap)
                collapsed.Append(' ');
            gap = false;
            collapsed.Append(rune.ToString());
        }

        return collapsed.ToString();
    }

    /// <returns>As senders are compared: trimmed, in capitals; empty when nobody is named.</returns>
    public static string Sender(string? sender)
    {
        var collapsed = Collapse(sender ?? "").ToUpperInvariant();
        return collapsed.Length <= MaxSenderLength ? collapsed : collapsed[..MaxSenderLength];
    }

    /// <summary>By which a message is known that comes again.</summary>
    internal static byte[] DigestOf(string collapsed) => SHA256.HashData(Encoding.UTF8.GetBytes(collapsed));

    /// <summary>Half a surrogate is read as U+FFFD; the database would refuse U+0000.</summary>
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || rune.Value is 0xFEFF or (>= 0x200B and <= 0x200F);
}
