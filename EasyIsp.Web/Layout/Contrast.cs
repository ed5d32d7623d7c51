using MudBlazor.Utilities;

namespace EasyIsp.Web.Layout;

/// <summary>Keeps a tenant's colour readable (WCAG 2.2, 1.4.3: 4.5 to 1 for text).</summary>
internal static class Contrast
{
    private const double Readable = 4.5;

    /// <summary>The colour itself where it can be read on the surface, else the nearest darker or lighter one that can.</summary>
    public static MudColor On(MudColor surface, MudColor wanted)
    {
        var step = Luminance(surface) > 0.5 ? -0.02 : 0.02;
        var color = wanted;
        for (var i = 0; i < 50 && Between(surface, color) < Readable; i++)
            color = color.ChangeLightness(step);
        return color;
    }

    /// <summary>White or near black, whichever reads better on the colour.</summary>
    public static MudColor TextOn(MudColor color)
    {
        MudColor white = new("#ffffff"), ink = new("#10161a");
        return Between(color, white) >= Readable || Between(color, white) > Between(color, ink) ? white : ink;
    }

    public static double Between(MudColor one, MudColor other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(MudColor color)
        => (0.2126 * Linear(color.R)) + (0.7152 * Linear(color.G)) + (0.0722 * Linear(color.B));

    private static double Linear(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
