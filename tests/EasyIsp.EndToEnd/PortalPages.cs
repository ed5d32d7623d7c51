using Microsoft.Playwright;
using Npgsql;
using Xunit;

namespace EasyIsp.EndToEnd;

/// <summary>Every page of the portal, as a phone at a hotspot comes to see them.</summary>
internal static class PortalPages
{
    /// <summary>From the sources, which are the routes: <c>@page</c> of each page.</summary>
    private static readonly string[] Routes =
    [
        "/problem", "/v/{visit}", "/v/{visit}/buy/{packageId:guid}", "/v/{visit}/connect", "/v/{visit}/online", "/v/{visit}/pay/{requestId:guid}",
        "/v/{visit}/receipt", "/v/{visit}/receipt/{claimId:guid}", "/v/{visit}/voucher",
    ];

    public static async Task WalkAsync(IPage page, Demonstration product, Func<string, Task> lookAsync)
    {
        Assert.Equal(Routes, Directory
            .EnumerateFiles(Path.Combine(Root, "EasyIsp.Portal"), "*.cshtml", SearchOption.AllDirectories)
            .Select(path => File.ReadLines(path).First()).Where(line => line.StartsWith("@page \"", StringComparison.Ordinal))
            .Select(line => line.Split('"')[1]).Order(StringComparer.Ordinal));

        var mac = $"02:00:5E:{Random.Shared.Next(256):X2}:{Random.Shared.Next(256):X2}:{Random.Shared.Next(256):X2}";
        await page.GotoAsync(new Uri(product.Portal, $"/h/{await SiteAsync(product)}?mac={mac}&ip=10.5.50.77&link-login-only=http://10.5.50.1/login").AbsoluteUri);
        var visit = new Uri(page.Url).AbsolutePath;
        await LookAsync("/v/{visit}");
        await page.Locator("a.offer").First.ClickAsync();
        await LookAsync("buy");
        await page.Locator("#phone").FillAsync("12");
        await page.Locator("form button.button").ClickAsync();
        await LookAsync("buy with a fault");
        await page.Locator("#phone").FillAsync("0712000032");
        await page.Locator("form button.button").ClickAsync();
        await LookAsync("pay");
        await page.GotoAsync(new Uri(product.Portal, $"{visit}/receipt").AbsoluteUri);
        await LookAsync("receipt");
        await page.Locator("#receipt").FillAsync("SGH4K2M7QX");
        await page.Locator("form button.button").ClickAsync();
        await LookAsync("receipt answered");
        await page.GotoAsync(new Uri(product.Portal, $"{visit}/voucher").AbsoluteUri);
        await LookAsync("voucher");
        await page.Locator("#code").FillAsync("ABCDEFGHJK");
        await page.Locator("form button.button").ClickAsync();
        await LookAsync("voucher with a fault");
        foreach (var path in new[] { "/connect", "/online" })
        {
            await page.GotoAsync(new Uri(product.Portal, visit + path).AbsoluteUri);
            await LookAsync(path);
        }

        await page.GotoAsync(new Uri(product.Portal, "/v/nobody").AbsoluteUri);
        await LookAsync("/problem");

        Task LookAsync(string name) => lookAsync($"portal {name}");
    }

    private static async Task<string> SiteAsync(Demonstration product)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("EASYISP_TEST_PG")!) { Database = product.Database, Pooling = false }.ConnectionString);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select code from portal_sites limit 1", admin);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));

    private static string ThisFile([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
