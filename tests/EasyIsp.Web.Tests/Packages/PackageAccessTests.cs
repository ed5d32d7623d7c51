using Bunit;
using EasyIsp.Core.Packages;
using EasyIsp.Testing;
using EasyIsp.Web.Packages;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Packages;

/// <summary>What few packages need, behind the folds of the form.</summary>
public sealed class PackageAccessTests(PostgresServer server)
{
    private static readonly AccessTerms Everything = new()
    {
        WhenFull = WhenFull.PushOutOldest,
        Hours = AllowedHours.Parse("12345 22:00-06:00;67 00:00-00:00"),
        Burst = new Burst(40_000, 30_000, 16, 15_000, 15_500),
        Priority = 5,
        MinDownloadKbps = 1_500,
        MinUploadKbps = 500,
        AddressPool = "homes",
        AddressList = "fast",
        VlanId = 42,
        IPv6Pool = "lines",
        DelegatedIPv6Pool = "homes6",
    };

    [Fact]
    public void The_fields_lose_nothing_of_a_package() => Assert.Equal(Everything, AccessInput.Of(Everything).ToTerms() with { RouterIds = Everything.RouterIds });

    [Theory]
    [InlineData("1234567 22:00-06:00", "daily 22:00–06:00")]
    [InlineData("12345 08:00-17:30", "Mon–Fri 08:00–17:30")]
    [InlineData("67 00:00-00:00", "Sat, Sun")]
    [InlineData("135 08:00-12:00;6 10:00-12:00", "Mon, Wed, Fri 08:00–12:00, Sat 10:00–12:00")]
    public void Hours_are_said_as_people_say_them(string hours, string words)
        => Assert.Equal(words, PackageWords.HoursOf(AllowedHours.Parse(hours)));

    [Fact]
    public async Task A_night_package_is_made_with_a_click_and_two_times()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewPackagePage>();
        await page.InvokeAsync(() => page.FindAll("input")[0].InputAsync("Night"));
        await page.InvokeAsync(() => page.FindAll("input")[1].InputAsync("20"));

        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Contains("Limit the hours")).ClickAsync());
        await page.InvokeAsync(() => page.FindAll(".chip.day")[6].ClickAsync());
        await page.InvokeAsync(() => page.FindAll("input[type=time]")[1].ChangeAsync("05:30"));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent == "pushes out the oldest").ClickAsync());
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        var package = await browser.World.ReadAsync(db => db.Packages.SingleAsync());
        Assert.Equal("123456 22:00-05:30", package.Access.Hours?.ToString());
        Assert.Equal(WhenFull.PushOutOldest, package.Access.WhenFull);
    }

    [Fact]
    public async Task Hours_without_a_day_are_shown_as_what_is_wrong()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewPackagePage>();
        await page.InvokeAsync(() => page.FindAll("input")[0].InputAsync("Night"));
        await page.InvokeAsync(() => page.FindAll("input")[1].InputAsync("20"));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Contains("Limit the hours")).ClickAsync());
        for (var day = 0; day < 7; day++)
            await page.InvokeAsync(() => page.FindAll(".chip.day")[day].ClickAsync());

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Contains("Each needs a day", page.Find(".fault-note").TextContent);
        Assert.Equal(0, await browser.World.ReadAsync(db => db.Packages.CountAsync()));
    }
}
