using System.Text.RegularExpressions;
using EasyIsp.Portal.Theming;
using Xunit;
using Rgb = EasyIsp.Portal.Theming.AccentColors.Rgb;

namespace EasyIsp.Portal.Tests.Theming;

public sealed class AccentColorsTests
{
    [Fact]
    public void Whatever_colour_a_tenant_has_its_page_can_be_read()
    {
        for (var red = 0; red < 256; red += 15)
        {
            for (var green = 0; green < 256; green += 15)
            {
                for (var blue = 0; blue < 256; blue += 15)
                    AssertReadable($"{red:x2}{green:x2}{blue:x2}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("red")]
    [InlineData("0f766")]
    [InlineData("0f766g")]
    [InlineData("}body{")]
    public void What_is_no_colour_has_no_stylesheet(string color) => Assert.Null(AccentColors.StylesheetOf(color));

    private static void AssertReadable(string color)
    {
        var css = AccentColors.StylesheetOf(color)!;
        var values = Regex.Matches(css, "#(?<hex>[0-9a-f]{6})", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => Rgb.Parse(m.Groups["hex"].Value)).ToArray();
        Assert.True(values[1].ContrastTo(values[0]) >= AccentColors.Readable, $"a button in {color}");
        Assert.True(values[2].ContrastTo(Rgb.Parse("f3f4f6")) >= AccentColors.Readable, $"text in {color} on the light page");
        Assert.True(values[3].ContrastTo(Rgb.Parse("22252b")) >= AccentColors.Readable, $"text in {color} on the dark page");
    }
}
