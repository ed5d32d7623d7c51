using Bunit;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Settings;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class StaffTabTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task An_admin_invites_somebody_and_without_a_mail_server_gets_the_link_to_hand_over()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        browser.Context.Services.GetRequiredService<Actor>().Become(
            await browser.World.ReadAsync(db => db.Memberships.Select(m => m.UserId).SingleAsync()), "Wanjiku", null);
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var tab = browser.Context.Render<StaffTab>();
        tab.WaitForAssertion(() => Assert.Contains("Invite somebody", tab.Markup), Patience);

        await tab.ClickAsync("button", "Invite somebody");
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.FindAll("form")), Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("form").SubmitAsync());
        Assert.Contains("Choose a role", dialogs.Markup);
        await dialogs.InvokeAsync(() => dialogs.Find("input[type=text]").InputAsync("Achieng"));
        await dialogs.InvokeAsync(() => dialogs.Find("input[type=email]").InputAsync("achieng@example.com"));
        var role = await browser.World.ReadAsync(db => db.Roles.SingleAsync());
        await dialogs.InvokeAsync(() => dialogs.Find("select").ChangeAsync(role.Id.ToString()));
        await dialogs.InvokeAsync(() => dialogs.Find("form").SubmitAsync());

        dialogs.WaitForAssertion(() => Assert.Contains("/account/invitation?key=", dialogs.Find(".secret").TextContent), Patience);
        await dialogs.ClickAsync("button", "I have copied it");
        tab.WaitForAssertion(() => Assert.Contains("achieng@example.com", tab.Markup), Patience);
        Assert.Contains("pending", tab.Find("tbody").TextContent);

        await using var scope = browser.Context.Services.CreateAsyncScope();
        var account = await scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().FindByEmailAsync("achieng@example.com");
        Assert.Null(account!.PasswordHash);
    }
}
