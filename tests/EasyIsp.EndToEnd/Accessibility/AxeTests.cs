using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd.Accessibility;

/// <summary>Axe finds nothing serious on any page: the list comes from the routes, each is looked at in light and dark, on a desk and on a phone.</summary>
[Collection<RunningProduct>]
public sealed class AxeTests(Demonstration product)
{
    private static readonly int[] Widths = [1280, 360];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_page_of_the_console_has_a_serious_fault(ColorScheme scheme)
    {
        List<string> faults = [];
        foreach (var (email, ofPlatform) in new[] { (ConsoleUser.Admin, false), (ConsoleUser.SuperAdmin, true) })
        {
            var page = await ConsoleUser.SignInAsync(product, email, OptionsOf(scheme));
            await ConsolePages.WalkAsync(page, product, ofPlatform, address => LookAsync(page, address, scheme, faults));
            await page.Context.CloseAsync();
        }

        await using var stranger = await product.Browser.NewContextAsync(OptionsOf(scheme));
        var door = await stranger.NewPageAsync();
        foreach (var address in ConsolePages.OfStrangers)
        {
            await door.OpenAsync(product, address);
            await LookAsync(door, address, scheme, faults);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(120)));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_page_of_the_portal_has_a_serious_fault(ColorScheme scheme)
    {
        List<string> faults = [];
        await using var context = await product.Browser.NewContextAsync(OptionsOf(scheme));
        var page = await context.NewPageAsync();
        await PortalPages.WalkAsync(page, product, address => LookAsync(page, address, scheme, faults));

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(120)));
    }

    private static BrowserNewContextOptions OptionsOf(ColorScheme scheme)
        => new() { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = Widths[0], Height = 820 }, ReducedMotion = ReducedMotion.Reduce };

    private static async Task LookAsync(IPage page, string address, ColorScheme scheme, List<string> faults)
    {
        foreach (var width in Widths)
        {
            await page.SetViewportSizeAsync(width, width < 500 ? 740 : 820);
            var rules = scheme == ColorScheme.Dark ? Faults.OfColours : width == Widths[0] ? null : Faults.OfWidth;
            faults.AddRange(await Faults.OfAsync(page, $"{address} {scheme} {width}", rules));
        }
    }
}
