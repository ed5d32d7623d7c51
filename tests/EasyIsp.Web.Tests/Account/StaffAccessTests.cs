using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

public sealed class StaffAccessTests(PostgresServer server) : IAsyncLifetime
{
    private const string AdminEmail = "admin@example.com";
    private const string NewEmail = "achieng@example.com";
    private const string NewPassword = "green goat climbing";
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private SmtpServer _mail = null!;
    private ConsoleHost _host = null!;
    private StaffUser _admin = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _mail = await SmtpServer.StartAsync();
        _host = await ConsoleHost.StartAsync(server, settings: _mail.Settings(), clock: _clock);
        _admin = await _host.HireAsync(AdminEmail, StandardRoles.Admin, _tenantId = await _host.FoundTenantAsync("savanna"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task An_invited_person_sets_a_password_and_an_app_loses_the_phone_and_gets_in_by_a_recovery_code()
    {
        Assert.IsType<InvitationOutcome.Mailed>(await InviteAsync(StandardRoles.Support));
        using var browser = _host.Browser();
        var link = AccountSteps.LinkIn(await _mail.MailAsync("savanna Net invites you to EasyISP"));
        Assert.Contains("Achieng", await browser.ReadAsync(link));

        Assert.Equal("/account/sign-in?done=welcome", (await AcceptAsync(browser, link)).LocationPath());
        Assert.Contains("good no more", await browser.ReadAsync(link));
        Assert.Equal("/", (await browser.SignInAsync(NewEmail, NewPassword)).LocationPath());
        var (_, codes) = await browser.SetUpAppAsync(_clock.GetUtcNow());

        using var another = _host.Browser();
        Assert.Equal("/account/code", (await another.SignInAsync(NewEmail, NewPassword)).LocationPath());
        Assert.Equal("/", (await another.SubmitAsync("/account/code", "code", ("Form.Code", codes[3]))).LocationPath());
        Assert.Contains("recovery codes", (await _mail.MailAsync("A recovery code signed in to EasyISP")).TextBody);
        Assert.Equal(
            ["staff.accept-invitation", "staff.invite", "staff.turn-second-factor-on", "staff.use-recovery-code"],
            await ReadAsync(db => db.AuditEvents.Select(deed => deed.Action).Order().ToListAsync()));
    }

    [Fact]
    public async Task An_invitation_sent_again_ends_the_earlier_one_and_who_accepted_gets_none()
    {
        await InviteAsync(StandardRoles.Support);
        var first = AccountSteps.LinkIn(await _mail.MailAsync("savanna Net invites you to EasyISP"));
        var userId = await UserIdAsync(NewEmail);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.IsType<InvitationOutcome.Mailed>(await AsAdminAsync(desk => desk.InviteAgainAsync(userId, CancellationToken.None)));
        var second = AccountSteps.LinkIn(await _mail.MailAsync("savanna Net invites you to EasyISP", count: 2));

        using var browser = _host.Browser();
        Assert.Contains("good no more", await browser.ReadAsync(first));
        Assert.Equal("/account/sign-in?done=welcome", (await AcceptAsync(browser, second)).LocationPath());
        Assert.Null(await AsAdminAsync(desk => desk.InviteAgainAsync(userId, CancellationToken.None)));
    }

    [Fact]
    public async Task Who_works_elsewhere_already_keeps_the_password_and_is_told()
    {
        var coast = await _host.FoundTenantAsync("coast");
        await _host.HireAsync(NewEmail, StandardRoles.Manager, coast);

        Assert.IsType<InvitationOutcome.Mailed>(await InviteAsync(StandardRoles.Support));

        await _mail.MailAsync("You now work with savanna Net in EasyISP");
        using var browser = _host.Browser();
        Assert.Equal("/account/tenant", (await browser.SignInAsync(NewEmail)).LocationPath());
        Assert.Equal(
            [InvitationFault.AlreadyHere],
            Assert.IsType<InvitationOutcome.Refused>(await InviteAsync(StandardRoles.Support)).Faults);
    }

    [Fact]
    public async Task Without_mail_the_admin_hands_the_link_over_but_never_that_of_another_companys_person()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        var (savanna, coast) = (await host.FoundTenantAsync("savanna"), await host.FoundTenantAsync("coast"));
        var admin = await host.HireAsync(AdminEmail, StandardRoles.Admin, savanna, coast);

        var link = Assert.IsType<InvitationOutcome.HandOver>(await InviteAsync(host, savanna, admin, StandardRoles.Support));
        Assert.IsType<InvitationOutcome.HasAccount>(await InviteAsync(host, coast, admin, StandardRoles.Support));

        using var browser = host.Browser();
        Assert.Equal("/account/sign-in?done=welcome", (await AcceptAsync(browser, $"/account/invitation?key={link.Key}")).LocationPath());
    }

    [Fact]
    public async Task Who_forgot_the_password_gets_a_link_from_an_admin_by_mail_or_by_hand()
    {
        var user = await _host.HireAsync(NewEmail, StandardRoles.Support, _tenantId);
        Assert.IsType<InvitationOutcome.Mailed>(await AsAdminAsync(desk => desk.NewPasswordAsync(user.Id, CancellationToken.None)));
        await _mail.MailAsync("A new password for EasyISP");

        await using var host = await ConsoleHost.StartAsync(server);
        var tenantId = await host.FoundTenantAsync("savanna");
        var (admin, person) = (await host.HireAsync(AdminEmail, StandardRoles.Admin, tenantId), await host.HireAsync(NewEmail, StandardRoles.Support, tenantId));
        var link = Assert.IsType<InvitationOutcome.HandOver>(await AsAsync(host, tenantId, admin, desk => desk.NewPasswordAsync(person.Id, CancellationToken.None)));

        using var browser = host.Browser();
        Assert.Equal("/account/sign-in?done=password", (await browser.SetPasswordAsync($"/account/new-password?key={link.Key}", NewPassword)).LocationPath());
    }

    [Fact]
    public async Task Ending_the_access_ends_cookie_circuit_and_tokens_within_two_seconds()
    {
        var user = await _host.HireAsync(NewEmail, StandardRoles.Manager, _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync(NewEmail);
        using var program = await ProgramOfAsync(user);
        Assert.Equal(HttpStatusCode.OK, (await program.OpenAsync("/api/v1/sessions")).StatusCode);
        using var circuit = await OpenCircuit.OfAsync(_host, user.Id, _tenantId, await OnlySignInAsync(user.Id));

        var start = Stopwatch.GetTimestamp();
        Assert.Equal(StaffOutcome.Done, await AsAdminAsync(desk => desk.EndAsync(user.Id, CancellationToken.None)));

        await circuit.Ended.WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await browser.OpenAsync("/")).LocationPath()?.StartsWith("/account/sign-in", StringComparison.Ordinal) == true);
        await Eventually.TrueAsync(async () => (await program.OpenAsync("/api/v1/sessions")).StatusCode == HttpStatusCode.Unauthorized);
        Assert.True(Stopwatch.GetElapsedTime(start) < AtOnce, $"It took {Stopwatch.GetElapsedTime(start)}.");
        Assert.Contains("not open for any company", await (await browser.SignInAsync(NewEmail)).TextAsync());
    }

    [Fact]
    public async Task A_deleted_person_leaves_nothing_to_sign_in_with_and_the_name_in_the_log()
    {
        var user = await _host.HireAsync(NewEmail, StandardRoles.Manager, _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync(NewEmail);
        await browser.SetUpAppAsync(_clock.GetUtcNow());
        using var program = await ProgramOfAsync(user);

        Assert.Equal(StaffOutcome.Done, await AsAdminAsync(desk => desk.DeleteAsync(user.Id, CancellationToken.None)));

        await using var accounts = await AccountsAsync();
        var left = await accounts.Users.SingleAsync(u => u.Id == user.Id, TestContext.Current.CancellationToken);
        Assert.Equal(
            (null, null, false, "Wanjiku Kamau"),
            (left.PasswordHash, left.AuthenticatorKey, left.TwoFactorEnabled, left.DisplayName));
        Assert.False(await accounts.RecoveryCodes.AnyAsync(c => c.UserId == user.Id, TestContext.Current.CancellationToken));
        Assert.False(await accounts.SignIns.AnyAsync(s => s.UserId == user.Id, TestContext.Current.CancellationToken));
        Assert.All(await ReadAsync(db => db.ApiTokens.ToListAsync()), token => Assert.NotNull(token.RevokedAt));
        Assert.Contains("staff.delete", await ReadAsync(db => db.AuditEvents.Select(deed => deed.Action).ToListAsync()));
        Assert.Contains("is not right", await (await browser.SignInAsync(NewEmail)).TextAsync());
        Assert.IsType<InvitationOutcome.Mailed>(await InviteAsync(StandardRoles.Support));
    }

    [Fact]
    public async Task What_concerns_the_account_of_who_works_elsewhere_is_not_this_companys_to_decide()
    {
        var user = await _host.HireAsync(NewEmail, StandardRoles.Manager, _tenantId, await _host.FoundTenantAsync("coast"));

        Assert.Equal(StaffOutcome.WorksElsewhere, await AsAdminAsync(desk => desk.DeleteAsync(user.Id, CancellationToken.None)));
        Assert.Equal(StaffOutcome.WorksElsewhere, await AsAdminAsync(desk => desk.TakeSecondFactorOffAsync(user.Id, CancellationToken.None)));
        Assert.Equal(StaffOutcome.Done, await AsAdminAsync(desk => desk.EndAsync(user.Id, CancellationToken.None)));
        using var browser = _host.Browser();
        Assert.Equal("/", (await browser.SignInAsync(NewEmail)).LocationPath());
    }

    [Fact]
    public async Task The_last_admin_stays_and_nobody_ends_himself()
    {
        var second = await _host.HireAsync(NewEmail, StandardRoles.Admin, _tenantId);
        var roleId = await RoleIdAsync(_tenantId, StandardRoles.Support);

        Assert.Equal(StaffOutcome.Self, await AsAdminAsync(desk => desk.EndAsync(_admin.Id, CancellationToken.None)));
        Assert.Equal(StaffOutcome.Done, await AsAdminAsync(desk => desk.ChangeRoleAsync(second.Id, roleId, CancellationToken.None)));
        foreach (var end in new Func<StaffDesk, Task<StaffOutcome>>[]
        {
            desk => desk.EndAsync(_admin.Id, CancellationToken.None),
            desk => desk.DeleteAsync(_admin.Id, CancellationToken.None),
            desk => desk.ChangeRoleAsync(_admin.Id, roleId, CancellationToken.None),
        })
        {
            Assert.Equal(StaffOutcome.LastAdmin, await AsAsync(_host, _tenantId, second, end));
        }
    }

    [Fact]
    public async Task Of_two_admins_who_end_each_other_at_once_one_stays()
    {
        var second = await _host.HireAsync(NewEmail, StandardRoles.Admin, _tenantId);

        var outcomes = await Task.WhenAll(
            AsAdminAsync(desk => desk.EndAsync(second.Id, CancellationToken.None)),
            AsAsync(_host, _tenantId, second, desk => desk.EndAsync(_admin.Id, CancellationToken.None)));

        Assert.Single(outcomes, StaffOutcome.Done);
        Assert.Equal(1, await ReadAsync(db => db.Memberships.CountAsync(m => m.EndedAt == null)));
    }

    [Fact]
    public async Task An_admin_takes_the_app_off_the_account_of_who_lost_phone_and_codes()
    {
        var user = await _host.HireAsync(NewEmail, StandardRoles.Support, _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync(NewEmail);
        await browser.SetUpAppAsync(_clock.GetUtcNow());

        Assert.Equal(StaffOutcome.Done, await AsAdminAsync(desk => desk.TakeSecondFactorOffAsync(user.Id, CancellationToken.None)));

        using var another = _host.Browser();
        Assert.Equal("/", (await another.SignInAsync(NewEmail)).LocationPath());
        await _mail.MailAsync("Signing in to EasyISP takes no code any more");
    }

    [Fact]
    public async Task A_role_that_requires_a_code_reaches_open_pages_within_two_seconds()
    {
        var user = await _host.HireAsync(NewEmail, StandardRoles.Support, _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync(NewEmail);
        using var circuit = await OpenCircuit.OfAsync(_host, user.Id, _tenantId, await OnlySignInAsync(user.Id));
        var roleId = await RoleIdAsync(_tenantId, StandardRoles.Support);

        Assert.IsType<RoleOutcome.Saved>(await AsAsync<RoleDesk, RoleOutcome>(
            _host, _tenantId, _admin, desk => desk.RequireSecondFactorAsync(roleId, true, CancellationToken.None)));

        await circuit.Ended.WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        Assert.Equal("/account/second-factor", (await browser.OpenAsync("/account/sign-in")).LocationPath());
    }

    private Task<InvitationOutcome> InviteAsync(string role) => InviteAsync(_host, _tenantId, _admin, role);

    private static async Task<InvitationOutcome> InviteAsync(ConsoleHost host, Guid tenantId, StaffUser admin, string role)
    {
        var roleId = await RoleIdAsync(host, tenantId, role);
        return await AsAsync(host, tenantId, admin, desk => desk.InviteAsync(new Invitation("Achieng Ouma", NewEmail, roleId), CancellationToken.None));
    }

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient browser, string link) => browser.SubmitAsync(
        link, "invitation", ("Form.Key", link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..]), ("Form.Name", "Achieng"), ("Form.Password", NewPassword));

    private Task<T> AsAdminAsync<T>(Func<StaffDesk, Task<T>> work) => AsAsync(_host, _tenantId, _admin, work);

    private static Task<T> AsAsync<T>(ConsoleHost host, Guid tenantId, StaffUser person, Func<StaffDesk, Task<T>> work)
        => AsAsync<StaffDesk, T>(host, tenantId, person, work);

    private static async Task<T> AsAsync<TDesk, T>(ConsoleHost host, Guid tenantId, StaffUser person, Func<TDesk, Task<T>> work) where TDesk : notnull
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(person.Id, person.DisplayName, null);
        return await work(scope.ServiceProvider.GetRequiredService<TDesk>());
    }

    private async Task<HttpClient> ProgramOfAsync(StaffUser user)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(_tenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(user.Id, user.DisplayName, null);
        var made = Assert.IsType<ApiTokenOutcome.Made>(await scope.ServiceProvider.GetRequiredService<ApiTokenDesk>()
            .MakeAsync(new ApiTokenDraft("Monitoring", [Permission.SessionsView], ExpiresAt: null), CancellationToken.None));
        var client = _host.Browser();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Text);
        return client;
    }

    private Task<Guid> RoleIdAsync(Guid tenantId, string role) => RoleIdAsync(_host, tenantId, role);

    private static async Task<Guid> RoleIdAsync(ConsoleHost host, Guid tenantId, string role)
    {
        await using var db = await host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        return (await db.Roles.IgnoreAllTenants().SingleAsync(r => r.TenantId == tenantId && r.Name == role)).Id;
    }

    private async Task<T> ReadAsync<T>(Func<IspDbContext, Task<T>> query)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(_tenantId);
        await using var db = await scope.ServiceProvider.GetRequiredService<IspDatabase>().OpenAsync(CancellationToken.None);
        return await query(db);
    }

    private Task<StaffContext> AccountsAsync()
        => _host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(CancellationToken.None);

    private async Task<Guid> UserIdAsync(string email)
    {
        await using var accounts = await AccountsAsync();
        return (await accounts.Users.SingleAsync(u => u.Email == email)).Id;
    }

    private async Task<Guid> OnlySignInAsync(Guid userId)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return Assert.Single(await scope.ServiceProvider.GetRequiredService<SignInLog>().OpenAsync(userId, CancellationToken.None)).Id;
    }
}
