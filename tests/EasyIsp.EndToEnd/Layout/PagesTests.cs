using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd.Layout;

/// <summary>Every page in light and dark, on a phone and on a desk: kept as pictures, and checked for what a machine can see.</summary>
[Collection<RunningProduct>]
public sealed class PagesTests(Demonstration product)
{
    private static readonly string[] PlatformPaths = ["/platform", "/platform/unknown-routers"];

    private static readonly string[] Paths =
    [
        "/", "/customers", "/customers/new", "/sessions", "/sessions/ended", "/sessions/logins", "/sessions/test-login",
        "/sessions/statistics", "/sessions/statistics?period=today", "/packages", "/packages/new", "/vouchers",
        "/payments", "/payments/flagged", "/payments/suspense", "/payments/refunds", "/payments/reconciliation", "/payments/reconciliation?period=30days",
        "/payments/reconciliation/upload", "/payments/reconciliation/check", "/routers", "/routers/new", "/messages", "/settings", "/settings?tab=mpesa", "/settings?tab=paystack", "/settings?tab=sms",
        "/settings?tab=staff", "/settings?tab=roles", "/settings/roles/new", "/account", "/account/second-factor",
    ];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    [InlineData(ColorScheme.Light, 1920)]
    public async Task Every_page_fits_its_screen_and_complains_of_nothing(ColorScheme scheme, int width)
    {
        var options = new BrowserNewContextOptions
        {
            ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 740 : 820 },
        };

        Assert.Empty(await FaultsAsync(ConsoleUser.Admin, Paths, options));
        Assert.Empty(await FaultsAsync(ConsoleUser.SuperAdmin, PlatformPaths, options));
    }

    [Fact]
    public void No_password_of_the_run_is_in_a_log()
    {
        var logs = string.Join('\n', product.Logs);

        Assert.NotEqual(0, logs.Length);
        foreach (var secret in product.Secrets)
            Assert.DoesNotContain(secret, logs, StringComparison.Ordinal);
    }

    private async Task<List<string>> FaultsAsync(string email, IReadOnlyList<string> paths, BrowserNewContextOptions options)
    {
        var page = await ConsoleUser.SignInAsync(product, email, options);
        List<string> faults = [];
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => faults.Add($"{page.Url}: {error}");

        foreach (var path in paths)
        {
            await page.GoAsync(product, path);
            await page.Locator("h1").First.WaitForAsync();
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth") is > 0 and var beyond)
                faults.Add($"{path} is {beyond} px wider than its screen");
            if (await page.GetByText("This page failed").CountAsync() > 0)
                faults.Add($"{path} failed");
            var name = $"console{path.Replace('/', '-').Replace('?', '-')}-{options.ColorScheme}-{options.ViewportSize!.Width}";
            await Demonstration.ScreenshotAsync(page, name.ToLowerInvariant());
        }

        return faults;
    }
}
