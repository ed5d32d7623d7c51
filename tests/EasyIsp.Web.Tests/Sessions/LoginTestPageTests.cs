using Bunit;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Testing;
using EasyIsp.Web.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Sessions;

public sealed class LoginTestPageTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly LoginTestResult Accepted = new(
        LoginTestAnswer.Accepted, null, null, "Access-Request, identifier 1, 60 octets\n  User-Name = \"home.grace\"",
        "Access-Accept, identifier 1, 80 octets\n  Mikrotik-Rate-Limit = \"2000k/5000k\"\n  Session-Timeout = 3600",
        [LoginTestEffect.TakesPlace], TimeSpan.FromMilliseconds(3));

    [Fact]
    public async Task A_customers_login_is_filled_in_asked_and_its_answer_shown_when_it_comes()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync();
        var grace = await browser.World.CustomerAsync("Grace Wanjiru");
        var page = Open(browser, LoginTestLinks.Of(grace));
        Assert.Equal(router.ToString(), page.Find("select").GetAttribute("value"));

        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Waiting for a worker", page.Find(".trial-answer").TextContent), Patience);
        await AnswerAsync(browser.World, Accepted);
        browser.World.Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("Would be let in.", page.Find(".verdict").TextContent), Patience);
        Assert.Contains("Up to 5\u00a0Mbps down and 2\u00a0Mbps up", page.Find(".trial-answer").TextContent);
        Assert.Contains("Online for 1\u00a0h at most", page.Find(".trial-answer").TextContent);
        Assert.Contains("A real login would also take one of the package's places", page.Find(".facts").TextContent);
        Assert.Contains("has ever arrived", page.Find(".aside").TextContent);
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reason_its_code_and_the_next_step()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.RouterAsync();
        var page = Open(browser, LoginTestLinks.Of(await browser.World.CustomerAsync("Grace Wanjiru")));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Waiting", page.Find(".trial-answer").TextContent), Patience);

        await AnswerAsync(browser.World, Accepted with { Answer = LoginTestAnswer.Refused, Refusal = Refusal.NoSubscription, Message = "You have no package. Please buy one" });
        browser.World.Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(
            () => Assert.Equal("Would be refused. Has never bought a package. Sell a package.", page.Find(".verdict p").TextContent), Patience);
        Assert.Contains("no_subscription", page.Find(".facts").TextContent);
    }

    [Fact]
    public async Task What_is_missing_is_said_at_its_field()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.RouterAsync("Town mast");
        await browser.World.RouterAsync("School", "10.255.0.3");
        var page = Open(browser, LoginTestLinks.Page);

        await page.InvokeAsync(() => page.Find("form").Submit());

        Assert.Equal(
            ["Choose the router that would ask.", "Type a user name, of 253 letters at most."],
            page.FindAll(".field-fault .field-note").Select(note => note.TextContent));
    }

    [Fact]
    public async Task Without_a_worker_the_page_says_so_and_what_was_typed_is_wiped()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.RouterAsync();
        var page = Open(browser, LoginTestLinks.Of(await browser.World.CustomerAsync("Grace Wanjiru")));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Waiting", page.Find(".trial-answer").TextContent), Patience);

        browser.World.Clock.Advance(TimeSpan.FromSeconds(9));

        page.WaitForAssertion(() => Assert.Contains("No RADIUS worker has taken it", page.Find(".trial-answer").TextContent), Patience);
        await Eventually.TrueAsync(async () => await browser.World.ReadAsync(db => db.LoginTests.CountAsync(t => t.Credentials != null)) == 0);
    }

    [Fact]
    public async Task Without_a_router_there_is_nothing_to_test_and_the_first_is_a_click_away()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);

        var page = Open(browser, LoginTestLinks.Page, ".notice");

        Assert.Equal("/routers/new", page.Find(".notice a").GetAttribute("href"));
    }

    private static IRenderedComponent<LoginTestPage> Open(StaffBrowser browser, string path, string selector = "form")
    {
        browser.GoTo(path);
        var page = browser.Context.Render<LoginTestPage>();
        page.WaitForAssertion(() => page.Find(selector), Patience);
        return page;
    }

    private static async Task AnswerAsync(World world, LoginTestResult result)
    {
        var queue = world.Services.GetRequiredService<LoginTestQueue>();
        var taken = Assert.Single(await queue.TakeAsync("worker-1", CancellationToken.None));
        await queue.AnswerAsync(taken.Test, result, CancellationToken.None);
    }
}
