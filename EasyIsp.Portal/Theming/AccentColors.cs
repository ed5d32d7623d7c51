using System.Globalization;

namespace EasyIsp.Portal.Theming;

/// <summary>
/// The stylesheet that a tenant's colour makes: the colour itself on buttons, and shades of it that can be read as text
/// on the light and on the dark page. Contrast is WCAG 2.2's, at least 4.5:1 (AA).
/// </summary>
internal static class AccentColors
{
    public const double Readable = 4.5;

    // The surfaces of theme.css on which accented text stands; the darker of the light ones and the lighter of the dark ones.
    private static readonly Rgb LightSurface = Rgb.Parse("f3f4f6");
    private static readonly Rgb DarkSurface = Rgb.Parse("22252b");
    private static readonly Rgb White = Rgb.Parse("ffffff");
    private static readonly Rgb Ink = Rgb.Parse("111418");

    /// <param name="color">Six hexadecimal digits.</param>
    /// <returns>Null when it is no colour.</returns>
    public static string? StylesheetOf(string color)
    {
        if (color.Length != 6 || !color.All(char.IsAsciiHexDigit))
            return null;

        var accent = Rgb.Parse(color);
        var onAccent = accent.ContrastTo(White) >= Readable ? White : accent.ContrastTo(Ink) >= accent.ContrastTo(White) ? Ink : White;
        return $":root{{--accent:{accent};--on-accent:{onAccent};--accent-text:{accent.Towards(Ink, LightSurface)}}}"
            + $"@media(prefers-color-scheme:dark){{:root{{--accent-text:{accent.Towards(White, DarkSurface)}}}}}";
    }

    internal readonly record struct Rgb(byte R, byte G, byte B)
    {
        public static Rgb Parse(string hex)
        {
            var value = int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return new Rgb((byte)(value >> 16), (byte)(value >> 8), (byte)value);
        }

        public double ContrastTo(Rgb other)
        {
            var (one, two) = (Luminance, other.Luminance);
            return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
        }

        /// <summary>The colour itself where it can be read on the surface, else as little mixed with the other as is needed.</summary>
        public Rgb Towards(Rgb other, Rgb surface)
        {
            for (var share = 0.0; share < 1; share += 0.05)
            {
                if (Mix(other, share) is var mixed && mixed.ContrastTo(surface) >= Readable)
                    return mixed;
            }

            return other;
        }

        public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";

        private double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

        private Rgb Mix(Rgb other, double share) => new(Mix(R, other.R, share), Mix(G, other.G, share), Mix(B, other.B, share));

        private static byte Mix(byte one, byte two, double share) => (byte)Math.Round(one * (1 - share) + two * share);

        private static double Linear(byte channel)
        {
            var value = channel / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
