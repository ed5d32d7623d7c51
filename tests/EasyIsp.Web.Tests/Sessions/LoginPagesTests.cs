using Bunit;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Testing;
using EasyIsp.Web.Customers;
using EasyIsp.Web.Sessions;
using Xunit;

namespace EasyIsp.Web.Tests.Sessions;

public sealed class LoginPagesTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task The_list_tells_who_asked_where_why_he_was_refused_and_what_to_do()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync();
        var grace = await browser.World.CustomerAsync("Grace Wanjiru");
        await browser.World.LogLoginAsync(router, "home.grace", Refusal.WrongPassword, grace);
        browser.GoTo("/sessions/logins?kind=wrongnameorpassword");

        var page = browser.Context.Render<LoginsPage>();

        page.WaitForAssertion(() => Assert.Contains("The password was wrong", page.Find(".list-grid tbody").TextContent), Patience);
        var row = page.Find(".list-grid tbody tr");
        Assert.Contains("set a new one on the customer's page", row.TextContent);
        Assert.Equal(
            [$"/customers/{grace}?tab=logins", $"/routers/{router}", $"/sessions/test-login?customer={grace}&router={router}&method=pap"],
            row.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
        Assert.Contains("refused", row.QuerySelector(".state")!.TextContent);
    }

    [Fact]
    public async Task What_comes_while_the_list_is_read_is_counted_and_shown_when_asked_for()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync();
        await browser.World.LogLoginAsync(router, "first", null);
        browser.GoTo("/sessions/logins");
        var page = browser.Context.Render<LoginsPage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".list-grid tbody tr")), Patience);

        browser.World.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.World.LogLoginAsync(router, "second", null);
        browser.World.Clock.Advance(TimeSpan.FromSeconds(5));

        page.WaitForAssertion(() => Assert.Contains("Show 1 new", page.Find(".page-actions").TextContent), Patience);
        Assert.Single(page.FindAll(".list-grid tbody tr"));
        await page.ClickAsync(".page-actions button", "Show 1 new");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".list-grid tbody tr").Count), Patience);
    }

    [Fact]
    public async Task Older_logins_are_a_page_further_and_newest_leads_back()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync();
        for (var i = 0; i < 26; i++)
        {
            browser.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await browser.World.LogLoginAsync(router, $"user{i}", null);
        }

        browser.GoTo("/sessions/logins");
        var page = browser.Context.Render<LoginsPage>();
        page.WaitForAssertion(() => Assert.Equal(25, page.FindAll(".list-grid tbody tr").Count), Patience);

        await page.ClickAsync(".pager button", "Older");
        page.WaitForAssertion(() => Assert.Contains("user0", Assert.Single(page.FindAll(".list-grid tbody tr")).TextContent), Patience);
        await page.ClickAsync(".pager button", "Newest");
        page.WaitForAssertion(() => Assert.Equal(25, page.FindAll(".list-grid tbody tr").Count), Patience);
        Assert.Equal("/sessions/logins", browser.Path);
    }

    [Fact]
    public async Task The_customers_page_answers_why_he_cannot_connect_and_what_to_do()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var grace = await browser.World.CustomerAsync("Grace");
        await browser.World.GiveAsync(grace, await browser.World.PackageAsync("Home 10", days: 1));
        await browser.World.LogLoginAsync(await browser.World.RouterAsync(), "home.grace", null, grace);
        browser.World.Clock.Advance(TimeSpan.FromHours(27));
        browser.GoTo($"/customers/{grace}?tab=logins");

        var page = browser.Context.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, grace));

        page.WaitForAssertion(
            () => Assert.Equal("The package Home 10 ended 3\u00a0h ago. Sell another package.", page.Find(".verdict p").TextContent), Patience);
        Assert.Contains("Town mast", page.Find(".logins").TextContent);
    }

    [Fact]
    public async Task Whose_router_never_asked_is_told_where_to_look()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var grace = await browser.World.CustomerAsync("Grace");
        await browser.World.GiveAsync(grace, await browser.World.PackageAsync());
        browser.GoTo($"/customers/{grace}?tab=logins");
        var page = browser.Context.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, grace));
        page.WaitForAssertion(() => Assert.Contains("for no router that there is", page.Find(".verdict").TextContent), Patience);

        var router = await browser.World.RouterAsync();
        await browser.World.HearRouterAsync(router);
        browser.World.Clock.Advance(TimeSpan.FromSeconds(5));

        page.WaitForAssertion(
            () => Assert.StartsWith("No request has come from any router for the user name home.grace in the last 30 days.", page.Find(".verdict p").TextContent),
            Patience);
        Assert.Contains("that the device dials PPPoE as home.grace", page.Find(".verdict").TextContent);
    }
}
