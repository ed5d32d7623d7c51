using System.Text.Json;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

/// <summary>A company's own roles: who may make them, and that nobody rises by them.</summary>
public sealed class RoleRulesTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly RoleDraft Cashier = new("Cashier", Set(Permission.PaymentsRecord, Permission.CustomersView));

    /// <summary>Everything about people, and nothing else.</summary>
    private static readonly RoleDraft Personnel = new("Personnel", PermissionCatalogue.WithNeeded(
        PermissionCatalogue.All.Where(one => one.Feature.Group == "People").Select(one => one.Permission)
            .Concat([Permission.ApiTokensCreate, Permission.PaymentsRecord])));

    private ConsoleHost _host = null!;
    private StaffUser _admin = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _host = await ConsoleHost.StartAsync(server);
        _admin = await _host.HireAsync("wanjiku@example.com", StandardRoles.Admin, _tenantId = await _host.FoundTenantAsync("savanna"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_company_makes_changes_and_deletes_a_role_and_each_deed_is_written_down()
    {
        var made = Assert.IsType<RoleOutcome.Saved>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.MakeAsync(Cashier, CancellationToken.None)));
        var wider = Cashier with { Name = "Till", Permissions = Set(Permission.PaymentsRecord, Permission.PaymentsReverse) };
        Assert.IsType<RoleOutcome.Saved>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.ChangeAsync(made.RoleId, wider, Cashier, CancellationToken.None)));

        var role = await ReadAsync(db => db.Roles.SingleAsync(r => r.Id == made.RoleId));
        // With what they are of no use without.
        Assert.Equal([Permission.CustomersView, Permission.PaymentsView, Permission.PaymentsRecord, Permission.PaymentsReverse], role.Permissions);
        Assert.IsType<RoleOutcome.ChangedMeanwhile>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.ChangeAsync(made.RoleId, Cashier, Cashier, CancellationToken.None)));
        Assert.IsType<RoleOutcome.Deleted>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.DeleteAsync(made.RoleId, CancellationToken.None)));

        var deeds = await ReadAsync(db => db.AuditEvents.Where(e => e.Action.StartsWith("role.")).OrderBy(e => e.Id).ToListAsync());
        Assert.Equal(["role.make", "role.change", "role.delete"], deeds.Select(deed => deed.Action));
        Assert.Equal([made.RoleId, made.RoleId, _tenantId], deeds.Select(deed => deed.SubjectId!.Value));
        var change = deeds[1].Details!.RootElement;
        Assert.Equal(("Cashier", "Till"), (change.GetProperty("from").GetString(), change.GetProperty("to").GetString()));
        Assert.Equal(["PaymentsView", "PaymentsReverse"], TextsOf(change.GetProperty("gave")));
        Assert.Empty(TextsOf(change.GetProperty("took")));
    }

    [Fact]
    public async Task Two_roles_are_not_called_the_same_and_one_that_somebody_has_is_not_deleted()
    {
        await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.MakeAsync(Cashier, CancellationToken.None));
        Assert.Equal([RoleFault.NameTaken], Assert.IsType<RoleOutcome.Refused>(
            await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.MakeAsync(Cashier with { Name = " Cashier " }, CancellationToken.None))).Faults);
        var person = await _host.HireAsync("achieng@example.com", "Cashier", _tenantId);
        var roleId = await RoleIdAsync("Cashier");

        Assert.Equal(1, Assert.IsType<RoleOutcome.InUse>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.DeleteAsync(roleId, CancellationToken.None))).People);
        Assert.Equal(StaffOutcome.Done, await AsAsync<StaffDesk, StaffOutcome>(_admin, desk => desk.EndAsync(person.Id, CancellationToken.None)));
        Assert.IsType<RoleOutcome.Deleted>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.DeleteAsync(roleId, CancellationToken.None)));

        // Who left may come back in another one.
        var support = await RoleIdAsync(StandardRoles.Support);
        Assert.IsNotType<InvitationOutcome.Refused>(await AsAsync<StaffDesk, InvitationOutcome>(
            _admin, desk => desk.InviteAsync(new Invitation("Achieng", "achieng@example.com", support), CancellationToken.None)));
    }

    [Fact]
    public async Task Nobody_gives_what_he_lacks_by_a_role_an_invitation_a_place_or_a_token()
    {
        var (clerk, own) = await ClerkAsync();
        var admin = await RoleIdAsync(StandardRoles.Admin);
        var helper = await _host.HireAsync("achieng@example.com", "Cashier", _tenantId);

        Assert.Equal([RoleFault.ForeignPermissions], FaultsOf(await AsAsync<RoleDesk, RoleOutcome>(
            clerk, desk => desk.MakeAsync(new RoleDraft("Rich", Set(Permission.RefundsApprove)), CancellationToken.None))));
        Assert.Equal([RoleFault.ForeignPermissions], FaultsOf(await AsAsync<RoleDesk, RoleOutcome>(
            clerk, desk => desk.ChangeAsync(own, Personnel with { Permissions = Set([.. Personnel.Permissions, Permission.RefundsMake]) }, Personnel, CancellationToken.None))));
        Assert.Equal([InvitationFault.RoleStronger], Assert.IsType<InvitationOutcome.Refused>(await AsAsync<StaffDesk, InvitationOutcome>(
            clerk, desk => desk.InviteAsync(new Invitation("Myself again", "again@example.com", admin), CancellationToken.None))).Faults);
        Assert.Equal(StaffOutcome.RoleStronger, await AsAsync<StaffDesk, StaffOutcome>(clerk, desk => desk.ChangeRoleAsync(helper.Id, admin, CancellationToken.None)));
        Assert.Equal([ApiTokenFault.ForeignPermissions], Assert.IsType<ApiTokenOutcome.Refused>(await AsAsync<ApiTokenDesk, ApiTokenOutcome>(
            clerk, desk => desk.MakeAsync(new ApiTokenDraft("Greedy", [Permission.RoutersView], null), CancellationToken.None))).Faults);

        // What he has he may give.
        Assert.IsType<RoleOutcome.Saved>(await AsAsync<RoleDesk, RoleOutcome>(
            clerk, desk => desk.MakeAsync(new RoleDraft("Recruiter", Set(Permission.StaffInvite)), CancellationToken.None)));
    }

    [Fact]
    public async Task Nobody_touches_the_place_the_account_or_the_role_of_who_may_more()
    {
        var (clerk, _) = await ClerkAsync();
        await _host.HireAsync("second@example.com", StandardRoles.Admin, _tenantId);
        var manager = await _host.HireAsync("manager@example.com", StandardRoles.Manager, _tenantId);
        var (cashier, managers, admins) = (await RoleIdAsync("Cashier"), await RoleIdAsync(StandardRoles.Manager), await RoleIdAsync(StandardRoles.Admin));

        foreach (var person in new[] { _admin, manager })
        {
            Assert.Equal(StaffOutcome.Outranked, await AsAsync<StaffDesk, StaffOutcome>(clerk, desk => desk.ChangeRoleAsync(person.Id, cashier, CancellationToken.None)));
            Assert.Equal(StaffOutcome.Outranked, await AsAsync<StaffDesk, StaffOutcome>(clerk, desk => desk.EndAsync(person.Id, CancellationToken.None)));
            Assert.Equal(StaffOutcome.Outranked, await AsAsync<StaffDesk, StaffOutcome>(clerk, desk => desk.DeleteAsync(person.Id, CancellationToken.None)));
            Assert.Equal(StaffOutcome.Outranked, await AsAsync<StaffDesk, StaffOutcome>(clerk, desk => desk.TakeSecondFactorOffAsync(person.Id, CancellationToken.None)));
            // A link for a new password would be the whole account.
            Assert.Null(await AsAsync<StaffDesk, InvitationOutcome?>(clerk, desk => desk.NewPasswordAsync(person.Id, CancellationToken.None)));
        }

        var standing = new RoleDraft(StandardRoles.Manager, StandardRoles.All[StandardRoles.Manager].ToHashSet());
        Assert.IsType<RoleOutcome.OutOfReach>(await AsAsync<RoleDesk, RoleOutcome>(clerk, desk => desk.ChangeAsync(managers, Cashier with { Name = "Less" }, standing, CancellationToken.None)));
        Assert.IsType<RoleOutcome.OutOfReach>(await AsAsync<RoleDesk, RoleOutcome>(clerk, desk => desk.RequireSecondFactorAsync(managers, true, CancellationToken.None)));
        Assert.IsType<RoleOutcome.OutOfReach>(await AsAsync<RoleDesk, RoleOutcome>(clerk, desk => desk.DeleteAsync(managers, CancellationToken.None)));

        // The admin's role is nobody's to change, not even an admin's.
        var everything = new RoleDraft(StandardRoles.Admin, Enum.GetValues<Permission>().ToHashSet());
        Assert.IsType<RoleOutcome.OutOfReach>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.ChangeAsync(admins, everything with { Name = "Boss" }, everything, CancellationToken.None)));
        Assert.IsType<RoleOutcome.OutOfReach>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.DeleteAsync(admins, CancellationToken.None)));
    }

    [Fact]
    public async Task Who_has_a_role_feels_its_change_on_the_next_click()
    {
        await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.MakeAsync(Cashier, CancellationToken.None));
        await _host.HireAsync("achieng@example.com", "Cashier", _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync("achieng@example.com");
        Assert.True((await browser.OpenAsync("/customers")).IsSuccessStatusCode);
        Assert.True((await browser.OpenAsync("/packages")).IsRedirect());

        var roleId = await RoleIdAsync("Cashier");
        await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.ChangeAsync(
            roleId, Cashier with { Permissions = Set(Permission.PackagesView) }, Cashier, CancellationToken.None));

        await Eventually.TrueAsync(async () => (await browser.OpenAsync("/packages")).IsSuccessStatusCode);
        Assert.True((await browser.OpenAsync("/customers")).IsRedirect());
    }

    private static HashSet<Permission> Set(params IEnumerable<Permission> permissions) => permissions.ToHashSet();

    private static IReadOnlyList<RoleFault> FaultsOf(RoleOutcome outcome) => Assert.IsType<RoleOutcome.Refused>(outcome).Faults;

    private static IEnumerable<string?> TextsOf(JsonElement list) => list.EnumerateArray().Select(text => text.GetString());

    /// <summary>Somebody who does everything about people, and a role below him.</summary>
    private async Task<(StaffUser Clerk, Guid RoleId)> ClerkAsync()
    {
        await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.MakeAsync(Cashier, CancellationToken.None));
        var role = Assert.IsType<RoleOutcome.Saved>(await AsAsync<RoleDesk, RoleOutcome>(_admin, desk => desk.MakeAsync(Personnel, CancellationToken.None)));
        return (await _host.HireAsync("clerk@example.com", Personnel.Name, _tenantId), role.RoleId);
    }

    private Task<Guid> RoleIdAsync(string name) => ReadAsync(db => db.Roles.Where(r => r.Name == name).Select(r => r.Id).SingleAsync());

    private async Task<T> ReadAsync<T>(Func<IspDbContext, Task<T>> query)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(_tenantId);
        await using var db = await scope.ServiceProvider.GetRequiredService<IspDatabase>().OpenAsync(CancellationToken.None);
        return await query(db);
    }

    private async Task<T> AsAsync<TDesk, T>(StaffUser person, Func<TDesk, Task<T>> work) where TDesk : notnull
    {
        await using var scope = _host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(_tenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(person.Id, person.DisplayName, null);
        return await work(scope.ServiceProvider.GetRequiredService<TDesk>());
    }
}
