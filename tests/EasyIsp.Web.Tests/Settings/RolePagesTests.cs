using Bunit;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Settings.Roles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class RolePagesTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_cashier_is_made_by_ticking_and_what_a_tick_needs_comes_with_it()
    {
        await using var browser = await AdminAsync();
        var page = browser.Context.Render<NewRolePage>();
        page.WaitForElement("form");

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Contains("Choose one thing at least", page.Markup);
        await page.InvokeAsync(() => page.Find("form input[type=text]").InputAsync("Cashier"));
        await TickAsync(page, "Write down cash, cheques and bank deposits", true);
        Assert.True(IsTicked(page, "See customers"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        var role = await browser.World.ReadAsync(db => db.Roles.SingleAsync(r => r.Name == "Cashier"));
        Assert.Equal([Permission.CustomersView, Permission.PaymentsRecord], role.Permissions);
        Assert.Equal($"/settings/roles/{role.Id}", browser.Path);
    }

    [Fact]
    public async Task A_role_begins_as_another_and_a_name_that_was_typed_stays()
    {
        await using var browser = await AdminAsync();
        var page = browser.Context.Render<NewRolePage>();
        page.WaitForElement("form");
        await page.InvokeAsync(() => page.Find("form input[type=text]").InputAsync("Night shift"));

        await page.InvokeAsync(() => page.Find("form select").ChangeAsync(StandardRoles.Support));

        Assert.True(IsChoiceTicked(page, "Disconnect sessions"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        var role = await browser.World.ReadAsync(db => db.Roles.SingleAsync(r => r.Name == "Night shift"));
        Assert.Equal(StandardRoles.All[StandardRoles.Support].Order(), role.Permissions.Order());
    }

    [Fact]
    public async Task Taking_a_view_away_takes_what_is_of_no_use_without_it_and_a_search_finds_what_is_meant()
    {
        await using var browser = await AdminAsync();
        var roleId = await browser.World.WriteAsync(db =>
        {
            var role = Role.Create(browser.World.TenantId, "Helper", [Permission.PackagesView, Permission.PackagesChange, Permission.CustomersView], browser.World.Clock.GetUtcNow());
            db.Roles.Add(role);
            return Task.FromResult(role.Id);
        });
        var page = browser.Context.Render<RolePage>(parameters => parameters.Add(p => p.Id, roleId));
        page.WaitForElement("form", Patience);

        await TickAsync(page, "See packages", false);
        Assert.False(IsTicked(page, "Change packages"));
        await page.InvokeAsync(() => page.Find(".permissions input[type=text]").InputAsync("voucher"));
        Assert.Single(page.FindAll(".matrix tbody tr:not(.matrix-group)"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Equal([Permission.CustomersView], await browser.World.ReadAsync(async db => (await db.Roles.SingleAsync(r => r.Id == roleId)).Permissions));
    }

    [Fact]
    public async Task The_admins_role_is_shown_and_cannot_be_changed_or_deleted()
    {
        await using var browser = await AdminAsync();
        var roleId = await browser.World.ReadAsync(db => db.Roles.Select(r => r.Id).SingleAsync());
        var page = browser.Context.Render<RolePage>(parameters => parameters.Add(p => p.Id, roleId));
        page.WaitForElement("form", Patience);

        Assert.All(page.FindAll(".permissions input[type=checkbox]"), box => Assert.True(box.HasAttribute("disabled") && box.HasAttribute("checked")));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() is "Save" or "Delete");
    }

    [Fact]
    public async Task A_role_that_nobody_has_is_deleted_from_the_list_after_a_question()
    {
        await using var browser = await AdminAsync();
        var roleId = await browser.World.WriteAsync(db =>
        {
            var role = Role.Create(browser.World.TenantId, "Helper", [Permission.PackagesView], browser.World.Clock.GetUtcNow());
            db.Roles.Add(role);
            return Task.FromResult(role.Id);
        });
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var page = browser.Context.Render<RolePage>(parameters => parameters.Add(p => p.Id, roleId));
        page.WaitForElement("form", Patience);

        await page.ClickAsync("button", "Delete");
        dialogs.WaitForAssertion(() => Assert.Contains("Delete the role Helper?", dialogs.Markup), Patience);
        await dialogs.ClickAsync("button", "Delete role");

        page.WaitForAssertion(() => Assert.Equal("/settings?tab=roles", browser.Path), Patience);
        Assert.False(await browser.World.ReadAsync(db => db.Roles.AnyAsync(r => r.Id == roleId)));
    }

    private async Task<StaffBrowser> AdminAsync()
    {
        var browser = await StaffBrowser.OpenAsync(server);
        browser.Context.Services.GetRequiredService<Actor>().Become(
            await browser.World.ReadAsync(db => db.Memberships.Select(m => m.UserId).SingleAsync()), "Wanjiku", null);
        return browser;
    }

    private static Task TickAsync<TPage>(IRenderedComponent<TPage> page, string permission, bool isOn) where TPage : Microsoft.AspNetCore.Components.IComponent
        => page.InvokeAsync(() => page.Find($"input[aria-label='{permission}']").ChangeAsync(isOn));

    private static bool IsTicked<TPage>(IRenderedComponent<TPage> page, string permission) where TPage : Microsoft.AspNetCore.Components.IComponent
        => page.FindAll($"input[aria-label='{permission}']") is [var box] && box.HasAttribute("checked");

    private static bool IsChoiceTicked<TPage>(IRenderedComponent<TPage> page, string permission) where TPage : Microsoft.AspNetCore.Components.IComponent
        => page.FindAll(".specials label").Single(choice => choice.TextContent.Trim().StartsWith(permission, StringComparison.Ordinal)).QuerySelector("input")!.HasAttribute("checked");
}
