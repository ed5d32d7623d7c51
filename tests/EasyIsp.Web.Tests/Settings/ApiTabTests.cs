using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Testing;
using EasyIsp.Web.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class ApiTabTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_token_is_made_shown_once_listed_and_revoked()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        browser.Context.Services.GetRequiredService<Core.Auditing.Actor>().Become(
            await browser.World.ReadAsync(db => db.Memberships.Select(m => m.UserId).SingleAsync()), "Wanjiku", null);
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var tab = browser.Context.Render<ApiTab>();
        tab.WaitForAssertion(() => Assert.Contains("Make token", tab.Markup), Patience);

        await tab.ClickAsync("button", "Make token");
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.FindAll("form")), Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("form").SubmitAsync());
        Assert.Contains("Choose one thing at least", dialogs.Markup);
        await dialogs.InvokeAsync(() => dialogs.Find("form input[type=text]").InputAsync("Accounting"));
        await dialogs.InvokeAsync(() => dialogs.FindAll("form input[type=checkbox]")[0].ChangeAsync(true));
        await dialogs.InvokeAsync(() => dialogs.Find("form").SubmitAsync());
        dialogs.WaitForAssertion(() => Assert.StartsWith(ApiTokenText.Prefix, dialogs.Find(".secret").TextContent), Patience);
        var token = dialogs.Find(".secret").TextContent;
        await dialogs.ClickAsync("button", "I have copied it");

        tab.WaitForAssertion(() => Assert.Contains("Accounting", tab.Find("tbody tr").TextContent), Patience);
        Assert.DoesNotContain(token, tab.Markup);
        var kept = await browser.World.ReadAsync(db => db.ApiTokens.SingleAsync());
        Assert.Equal([Permission.SessionsView], kept.Permissions);

        await tab.ClickAsync("tbody button", "Revoke");
        dialogs.WaitForAssertion(() => Assert.Contains("refused at once", dialogs.Markup), Patience);
        await dialogs.ClickAsync("button", "Revoke token");
        tab.WaitForAssertion(() => Assert.Contains("revoked", tab.Find("tbody tr .state").TextContent), Patience);
        Assert.NotNull((await browser.World.ReadAsync(db => db.ApiTokens.AsNoTracking().SingleAsync())).RevokedAt);
    }
}
