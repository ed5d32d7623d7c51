using Bunit;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using EasyIsp.Web.Platform;
using EasyIsp.Web.Routers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Platform;

public sealed class UnknownRoutersPageTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Nobody_unknown_is_said_to_be_good_news()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);

        var page = browser.Context.Render<UnknownRoutersPage>();

        page.WaitForAssertion(() => Assert.Contains("Every RADIUS packet of the last 7 days", page.Find(".notice").TextContent), Patience);
    }

    [Fact]
    public async Task A_stranger_is_shown_with_what_he_sends_and_his_name_is_text()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.StrangerAsync("10.0.0.7", "<b>Market</b>", logins: 3, accounting: 1200);

        var page = browser.Context.Render<UnknownRoutersPage>();

        page.WaitForElement(".list-grid tbody tr", Patience);
        var row = page.Find(".list-grid tbody tr").TextContent;
        Assert.Contains("10.0.0.7", row);
        Assert.Contains("1,203", row);
        Assert.Contains("logins and accounting", row);
        Assert.Equal("<b>Market</b>", page.Find(".list-grid bdi").TextContent);
    }

    [Fact]
    public async Task The_list_is_searched_and_follows_what_the_workers_write()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var feed = browser.Context.Services.GetRequiredService<ChangeFeed>();
        await feed.StartAsync(Xunit.TestContext.Current.CancellationToken);
        await browser.World.StrangerAsync("10.0.0.7");
        browser.GoTo("/platform/unknown-routers?q=10.0.0");
        var page = browser.Context.Render<UnknownRoutersPage>();
        page.WaitForAssertion(() => Assert.Equal("1", page.Find(".page-count").TextContent), Patience);
        await Eventually.TrueAsync(() => Task.FromResult(feed.IsListening));

        await browser.World.StrangerAsync("10.0.0.8");
        await browser.World.StrangerAsync("192.0.2.1");

        await Eventually.TrueAsync(() =>
        {
            browser.World.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(page.Find(".page-count").TextContent == "2");
        });
        await feed.StopAsync(Xunit.TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_is_forgotten_and_the_platforms_log_has_it()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.StrangerAsync("10.0.0.7", "Market mast");
        var page = browser.Context.Render<UnknownRoutersPage>();
        page.WaitForElement(".list-grid tbody tr", Patience);

        await page.ClickAsync(".list-grid button.plain", "Forget");

        page.WaitForElement(".notice", Patience);
        Assert.Empty(await browser.World.StrangersAsync());
        await using var db = await browser.World.Services.GetRequiredService<PlatformDatabase>().OpenAsync(Xunit.TestContext.Current.CancellationToken);
        var deed = await db.AuditEvents.IgnoreQueryFilters([QueryFilters.Tenant]).SingleAsync(Xunit.TestContext.Current.CancellationToken);
        Assert.Equal((AuditEvent.OfPlatform, "unknown-router.forget"), (deed.TenantId, deed.Action));
        Assert.NotNull(deed.ActorId);
        Assert.Contains("10.0.0.7", deed.Details!.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Market mast", deed.Details.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await browser.World.ReadAsync(tenant => tenant.AuditEvents.CountAsync()));
    }

    [Fact]
    public async Task With_one_tenant_a_stranger_is_added_there_without_a_question()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.StrangerAsync("2001:db8::1");

        var page = browser.Context.Render<UnknownRoutersPage>();

        page.WaitForElement(".list-grid form", Patience);
        var form = page.Find(".list-grid form");
        Assert.Equal("/platform/enter", form.GetAttribute("action"));
        Assert.Equal(browser.World.TenantId.ToString(), form.QuerySelector("[name=tenantId]")!.GetAttribute("value"));
        Assert.Equal("/routers/new?address=2001%3Adb8%3A%3A1", form.QuerySelector("[name=next]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task With_several_the_super_admin_is_asked_whose_it_is()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.StrangerAsync("10.0.0.7");
        var mara = await browser.World.FoundTenantAsync("mara", "Mara Wireless");
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var page = browser.Context.Render<UnknownRoutersPage>();
        page.WaitForElement(".list-grid tbody tr", Patience);

        await page.ClickAsync(".list-grid button.plain", "Add as router");

        dialogs.WaitForAssertion(() => Assert.Equal(2, dialogs.FindAll("form").Count), Patience);
        Assert.Contains(mara.ToString(), dialogs.FindAll("[name=tenantId]").Select(field => field.GetAttribute("value")));
        Assert.All(dialogs.FindAll("[name=next]"), next => Assert.Equal("/routers/new?address=10.0.0.7", next.GetAttribute("value")));
    }

    [Fact]
    public async Task Entering_goes_on_where_the_form_says_but_never_to_a_strangers_site()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        var tenant = await host.FoundTenantAsync("savanna");
        await host.RegisterAsync("root@example.com", isSuperAdmin: true);
        using var root = host.Browser();
        await root.SignInAsync("root@example.com");

        foreach (var (next, expected) in new[]
        {
            ("/routers/new?address=10.0.0.7", "/routers/new?address=10.0.0.7"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("", "/"),
        })
        {
            var answer = await root.PostFormAsync("/account/sign-in", "/platform/enter", ("tenantId", tenant.ToString()), ("next", next));
            Assert.Equal(expected, answer.LocationPath());
        }

        Assert.True((await root.OpenAsync("/routers/new?address=10.0.0.7")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_form_of_a_new_router_begins_with_the_address()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        browser.GoTo("/routers/new?address=10.0.0.7");
        await browser.World.StrangerAsync("10.0.0.7");
        var page = browser.Context.Render<NewRouterPage>();
        Assert.Equal("10.0.0.7", page.FindAll("input")[1].GetAttribute("value"));

        await page.InvokeAsync(() => page.FindAll("input")[0].ChangeAsync("Market mast"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => Assert.StartsWith("/routers/", browser.Path, StringComparison.Ordinal), Patience);
        Assert.Equal("10.0.0.7", (await browser.World.ReadAsync(db => db.Routers.Select(r => r.Address).SingleAsync())).ToString());
        Assert.Empty(await browser.World.StrangersAsync());
    }
}
