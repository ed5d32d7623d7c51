using System.Text;

namespace EasyIsp.Core.Shared;

/// <summary>One line that people wrote: what is neither a letter nor a sign is no part of it.</summary>
public static class PlainText
{
    public static bool Fits(string text, int maxLength)
        => text.Length <= maxLength && !text.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar);
}
