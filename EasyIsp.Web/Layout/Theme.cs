using MudBlazor;
using MudBlazor.Utilities;

namespace EasyIsp.Web.Layout;

/// <summary>The one place where the console's look is decided: two palettes around the tenant's colour, five sizes of type.</summary>
internal static class Theme
{
    /// <summary>The platform's own colour: sign-in, and the super admin's area.</summary>
    public const string PlatformAccent = "#6d28d9";

    public const string DefaultAccent = "#0f766e";

    private static readonly string[] Font = ["Inter", "system-ui", "sans-serif"];

    public static MudTheme With(string accent) => new()
    {
        PaletteLight = Light(new MudColor(accent)),
        PaletteDark = Dark(new MudColor(accent)),
        Typography = Sizes(),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", AppbarHeight = "56px" },
        Shadows = new Shadow { Elevation = FlatElevations() },
    };

    private static PaletteLight Light(MudColor accent)
    {
        MudColor surface = new("#ffffff");
        var primary = Contrast.On(surface, accent);
        return new PaletteLight
        {
            Primary = primary,
            PrimaryContrastText = Contrast.TextOn(primary),
            Secondary = "#4b5563",
            Tertiary = PlatformAccent,
            Info = "#0b67a8",
            Success = "#157347",
            Warning = "#9a5b00",
            Error = "#b42318",
            Dark = "#1c2126",
            TextPrimary = "#16191d",
            TextSecondary = "#56606b",
            TextDisabled = "#8a939d",
            ActionDefault = "#56606b",
            ActionDisabled = "#a9b1ba",
            ActionDisabledBackground = "#eceef1",
            Background = "#f6f7f9",
            BackgroundGray = "#eef0f3",
            Surface = surface,
            AppbarBackground = surface,
            AppbarText = "#16191d",
            DrawerBackground = surface,
            DrawerText = "#16191d",
            DrawerIcon = "#56606b",
            LinesDefault = "#e2e5e9",
            LinesInputs = "#aab2bb",
            TableLines = "#e9ebee",
            TableHover = "#f3f5f7",
            Divider = "#e2e5e9",
            DividerLight = "#eef0f3",
            Skeleton = "#e6e9ed",
            OverlayDark = "rgba(16,22,26,0.45)",
        };
    }

    private static PaletteDark Dark(MudColor accent)
    {
        MudColor surface = new("#171b20");
        var primary = Contrast.On(surface, accent);
        return new PaletteDark
        {
            Primary = primary,
            PrimaryContrastText = Contrast.TextOn(primary),
            Secondary = "#aab4bf",
            Tertiary = "#b794f6",
            Info = "#6cb6f0",
            Success = "#5fc58b",
            Warning = "#e5b04c",
            Error = "#f48a80",
            Dark = "#0b0d10",
            TextPrimary = "#e9ecef",
            TextSecondary = "#a2acb7",
            TextDisabled = "#6c7681",
            ActionDefault = "#a2acb7",
            ActionDisabled = "#555e68",
            ActionDisabledBackground = "#22272d",
            Background = "#0f1216",
            BackgroundGray = "#1d2228",
            Surface = surface,
            AppbarBackground = surface,
            AppbarText = "#e9ecef",
            DrawerBackground = surface,
            DrawerText = "#e9ecef",
            DrawerIcon = "#a2acb7",
            LinesDefault = "#2a3037",
            LinesInputs = "#56606b",
            TableLines = "#252a31",
            TableHover = "#1d2228",
            Divider = "#2a3037",
            DividerLight = "#22272d",
            Skeleton = "#252b32",
            OverlayDark = "rgba(0,0,0,0.6)",
        };
    }

    private static Typography Sizes() => new()
    {
        Default = new DefaultTypography { FontFamily = Font, FontSize = "14px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "0" },
        H1 = new H1Typography { FontFamily = Font, FontSize = "28px", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "-0.01em" },
        H2 = new H2Typography { FontFamily = Font, FontSize = "20px", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "0" },
        H3 = new H3Typography { FontFamily = Font, FontSize = "16px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "0" },
        H4 = new H4Typography { FontFamily = Font, FontSize = "16px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "0" },
        H5 = new H5Typography { FontFamily = Font, FontSize = "16px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "0" },
        H6 = new H6Typography { FontFamily = Font, FontSize = "16px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "0" },
        Subtitle1 = new Subtitle1Typography { FontFamily = Font, FontSize = "16px", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "0" },
        Subtitle2 = new Subtitle2Typography { FontFamily = Font, FontSize = "14px", FontWeight = "500", LineHeight = "1.45", LetterSpacing = "0" },
        Body1 = new Body1Typography { FontFamily = Font, FontSize = "14px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "0" },
        Body2 = new Body2Typography { FontFamily = Font, FontSize = "14px", FontWeight = "400", LineHeight = "1.45", LetterSpacing = "0" },
        Button = new ButtonTypography { FontFamily = Font, FontSize = "14px", FontWeight = "500", LineHeight = "1.45", LetterSpacing = "0", TextTransform = "none" },
        Caption = new CaptionTypography { FontFamily = Font, FontSize = "12px", FontWeight = "400", LineHeight = "1.4", LetterSpacing = "0" },
        Overline = new OverlineTypography { FontFamily = Font, FontSize = "12px", FontWeight = "500", LineHeight = "1.4", LetterSpacing = "0", TextTransform = "none" },
    };

    /// <summary>Flat: what floats over the page (menus, dialogs) has one soft shadow, nothing else has any.</summary>
    private static string[] FlatElevations()
    {
        var elevations = Enumerable.Repeat("none", 26).ToArray();
        for (var i = 8; i < elevations.Length; i++)
            elevations[i] = "0 8px 24px rgba(16,22,26,0.14), 0 0 0 1px var(--mud-palette-lines-default)";
        return elevations;
    }
}
