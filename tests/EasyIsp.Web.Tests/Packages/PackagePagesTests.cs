using Bunit;
using EasyIsp.Core.Packages;
using EasyIsp.Testing;
using EasyIsp.Web.Packages;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Packages;

public sealed class PackagePagesTests(PostgresServer server)
{
    [Fact]
    public async Task The_portals_card_follows_what_is_typed()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewPackagePage>();

        await page.InvokeAsync(() => page.FindAll("input")[0].InputAsync("Weekend"));
        await page.InvokeAsync(() => page.FindAll("input")[1].InputAsync("120"));

        Assert.Equal("KES\u00a0120", page.Find(".portal-price").TextContent);
        Assert.Equal("Weekend", page.Find(".portal-card .portal-name").TextContent);
    }

    [Fact]
    public async Task A_package_without_a_name_is_not_created()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewPackagePage>();

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Contains("A name of up to", page.Find(".field-fault").TextContent);
        Assert.Equal(0, await browser.World.ReadAsync(db => db.Packages.CountAsync()));
    }

    [Fact]
    public async Task A_package_that_slows_down_asks_how_much_and_tells_customers()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewPackagePage>();
        await page.InvokeAsync(() => page.FindAll("input")[0].InputAsync("Weekend"));
        await page.InvokeAsync(() => page.FindAll("input")[1].InputAsync("120"));
        await page.InvokeAsync(() => page.FindAll("input")[5].InputAsync("10"));

        await page.InvokeAsync(() => page.FindAll("button.chip").Single(chip => chip.TextContent == "slow down").ClickAsync());
        await page.InvokeAsync(() => page.FindAll("input")[7].InputAsync("0.5"));

        Assert.Contains("then 500", page.Find(".portal-facts").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        var package = await browser.World.ReadAsync(db => db.Packages.SingleAsync());
        Assert.Equal((AtDataLimit.SlowDown, 500, 1000), (package.AtDataLimit, package.SlowDownloadKbps, package.SlowUploadKbps));
    }

    [Theory]
    [InlineData(30 * 24 * 60, "30 days")]
    [InlineData(24 * 60, "1 day")]
    [InlineData(180, "3 hours")]
    [InlineData(90, "90 minutes")]
    public void A_duration_is_said_as_customers_say_it(int minutes, string words)
        => Assert.Equal(words, PackageWords.Duration(TimeSpan.FromMinutes(minutes)));
}
