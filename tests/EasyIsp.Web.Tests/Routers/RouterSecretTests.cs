using Bunit;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Routers;
using EasyIsp.Testing;
using EasyIsp.Web.Routers;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Routers;

public sealed class RouterSecretTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_new_secret_leaves_the_old_one_good_for_a_day_and_says_which_the_router_has()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var router = await browser.World.RouterAsync();
        var page = Page(browser, router);
        page.WaitForElement(".commands", Patience);
        await page.ClickAsync("button", "New secret");
        dialogs.WaitForAssertion(() => Assert.Contains("One day", dialogs.Markup, StringComparison.Ordinal), Patience);

        await dialogs.ClickAsync("button", "Make a new secret");

        page.WaitForAssertion(() => Assert.Contains("was not heard since the secret was changed", page.Find(".aside").TextContent), Patience);
        var until = await browser.World.ReadAsync(db => db.Routers.Select(r => r.PreviousSecretUntil).SingleAsync());
        Assert.Equal(browser.World.Clock.GetUtcNow() + TimeSpan.FromDays(1), until);
        await SeenAsync(browser.World, usesPrevious: true);
        browser.World.Clock.Advance(RouterWords.LookEvery);
        page.WaitForAssertion(() => Assert.Contains("The router still uses the old secret", page.Find(".aside").TextContent), Patience);
        await SeenAsync(browser.World, usesPrevious: false);
        browser.World.Clock.Advance(RouterWords.LookEvery);
        page.WaitForAssertion(() => Assert.Contains("The router uses the new secret", page.Find(".aside").TextContent), Patience);
    }

    [Fact]
    public async Task Staff_end_the_old_secret_early_after_a_question()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var router = await ChangingAsync(browser.World);
        var page = Page(browser, router);
        page.WaitForElement(".aside", Patience);
        await page.ClickAsync(".aside button", "Show the command for the router");
        page.WaitForAssertion(() => Assert.StartsWith("/radius set [find comment=easyisp] secret=", page.Find(".aside .commands").TextContent, StringComparison.Ordinal), Patience);

        await page.ClickAsync(".aside button", "End the old secret now");
        dialogs.WaitForAssertion(() => Assert.Contains("was not seen to use the new secret", dialogs.Markup, StringComparison.Ordinal), Patience);
        await dialogs.ClickAsync("button", "End the old secret");

        page.WaitForAssertion(() => Assert.DoesNotContain("old secret", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal(1, await browser.World.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == "router.end-secret-change")));
    }

    [Fact]
    public async Task Staff_go_back_to_the_old_secret()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var router = await browser.World.RouterAsync();
        var before = await RevealAsync(browser.World, router);
        await browser.World.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.RotateSecretAsync(router, TimeSpan.FromDays(1), CancellationToken.None));
        var page = Page(browser, router);
        page.WaitForElement(".aside", Patience);

        await page.ClickAsync(".aside button", "Go back to the old secret");
        dialogs.WaitForAssertion(() => Assert.Contains("is Town mast's again", dialogs.Find("p").TextContent, StringComparison.Ordinal), Patience);
        await dialogs.ClickAsync("button", "Go back");

        page.WaitForAssertion(() => Assert.Contains("uses the new secret", page.Find(".aside").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal(before, await RevealAsync(browser.World, router));
        Assert.Equal(1, await browser.World.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == "router.roll-back-secret")));
    }

    [Fact]
    public async Task Who_may_only_look_sees_which_secret_is_used_and_changes_nothing()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await ChangingAsync(browser.World);
        var row = await browser.World.AsTenantAsync<RouterList, RouterRow?>(list => list.FindAsync(router, CancellationToken.None));

        var aside = browser.Context.Render<SecretChangeAside>(parameters => parameters.Add(a => a.Row, row!).Add(a => a.Change, row!.SecretChange!));

        Assert.Contains("was not heard", aside.Markup, StringComparison.Ordinal);
        Assert.Empty(aside.FindAll("button"));
    }

    private static async Task<Guid> ChangingAsync(World world)
    {
        var router = await world.RouterAsync();
        await world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.RotateSecretAsync(router, TimeSpan.FromDays(1), CancellationToken.None));
        return router;
    }

    private static IRenderedComponent<RouterPage> Page(StaffBrowser browser, Guid router)
        => browser.Context.Render<RouterPage>(parameters => parameters.Add(p => p.Id, router));

    private static Task<string?> RevealAsync(World world, Guid router)
        => world.AsTenantAsync<RouterDesk, string?>(desk => desk.RevealSecretAsync(router, CancellationToken.None));

    /// <summary>As the RADIUS worker writes it.</summary>
    private static Task<int> SeenAsync(World world, bool usesPrevious)
        => world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update routers set uses_previous_secret = {usesPrevious}, secret_used_since = {world.Clock.GetUtcNow()}"));
}
