using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Routers;
using Xunit;

namespace EasyIsp.Web.Tests.Routers;

public sealed class StrangersAsideTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_provider_alone_in_the_installation_is_told_who_knocks()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.StrangerAsync("10.0.0.7", "Market mast");

        var page = browser.Context.Render<RoutersPage>();

        page.WaitForAssertion(() => Assert.Contains("A device at 10.0.0.7 that calls itself Market mast sends RADIUS packets", Said(page)), Patience);
        Assert.Equal("/routers/new?address=10.0.0.7", page.Find(".aside a").GetAttribute("href"));
    }

    [Fact]
    public async Task Of_many_the_three_that_sent_most_are_named()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        for (var i = 1; i <= 5; i++)
            await browser.World.StrangerAsync($"10.0.0.{i}", logins: i);

        var page = browser.Context.Render<RoutersPage>();

        page.WaitForAssertion(() => Assert.Contains("5 devices send RADIUS packets", Said(page)), Patience);
        Assert.Equal(["10.0.0.5", "10.0.0.4", "10.0.0.3"], page.FindAll(".aside strong").Select(address => address.TextContent));
    }

    [Fact]
    public async Task Where_providers_share_the_installation_only_the_super_admin_sees_them()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.StrangerAsync("10.0.0.7");
        await browser.World.FoundTenantAsync("mara", "Mara Wireless");
        await using var support = await ConsoleUi.OpenAsync(browser.World, Permission.RoutersView, Permission.RoutersCreate);

        var theirs = browser.Context.Render<RoutersPage>();
        var platforms = support.Render<RoutersPage>();

        platforms.WaitForElement(".aside", Patience);
        theirs.WaitForElement(".notice", Patience);
        Assert.DoesNotContain("10.0.0.7", theirs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_add_routers_is_told_nothing()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.StrangerAsync("10.0.0.7");
        await using var looker = await ConsoleUi.OpenAsync(browser.World, Permission.RoutersView);

        var page = looker.Render<RoutersPage>();

        page.WaitForElement(".notice", Patience);
        Assert.Empty(page.FindAll(".aside"));
    }

    [Fact]
    public async Task A_router_that_was_never_heard_says_what_to_look_at()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync(address: "10.255.0.2");

        var page = browser.Context.Render<RouterPage>(parameters => parameters.Add(p => p.Id, router));

        page.WaitForElement(".aside", Patience);
        Assert.Contains("Its packets must reach us from 10.255.0.2", page.Find(".aside").TextContent);
    }

    private static string Said(IRenderedComponent<RoutersPage> page)
        => string.Join(' ', page.Find(".aside").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
