using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd.Settings;

/// <summary>A role of the company's own, made and given in the browser, on a phone and on a desk. Every screen is kept as a picture.</summary>
[Collection<RunningProduct>]
public sealed class OwnRolesTests(Demonstration product)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task A_cashier_is_made_by_ticking_and_the_role_is_deleted_again(ColorScheme scheme, int width)
    {
        var options = new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 740 : 820 } };
        var (name, suffix) = ($"Cashier {scheme} {width}", $"{scheme}-{width}".ToLowerInvariant());
        var page = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin, options);

        await page.GoAsync(product, "/settings?tab=roles");
        await page.GetByRole(AriaRole.Link, new() { Name = "New role" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Write down cash, cheques and bank deposits").CheckAsync();
        await Assertions.Expect(page.GetByLabel("See customers", new() { Exact = true })).ToBeCheckedAsync();
        await PictureAsync(page, $"role-new-{suffix}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make role" }).ClickAsync();

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(name);
        await page.GoAsync(product, "/settings?tab=roles");
        await page.GetByRole(AriaRole.Link, new() { Name = name }).WaitForAsync();
        await PictureAsync(page, $"roles-{suffix}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Admin", Exact = true }).ClickAsync();
        await page.Locator(".matrix").WaitForAsync();
        await PictureAsync(page, $"role-admin-{suffix}");

        await page.GoAsync(product, "/settings?tab=staff");
        await page.GetByRole(AriaRole.Button, new() { Name = "More about" }).First.ClickAsync();
        await page.GetByText("Restrict to routers").ClickAsync();
        await page.Locator(".mud-dialog .chip").First.WaitForAsync();
        await PictureAsync(page, $"role-restrict-{suffix}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.GoAsync(product, "/settings?tab=roles");
        await page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await PictureAsync(page, $"role-delete-{suffix}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete role" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = name })).ToHaveCountAsync(0);
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth") <= 0, $"{name} is wider than its screen");
        await Demonstration.ScreenshotAsync(page, name);
    }
}
