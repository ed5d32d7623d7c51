using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

/// <summary>What people do with their own accounts is written down, also of those who are no one company's.</summary>
public sealed class AccountLogTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private ConsoleHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ConsoleHost.StartAsync(server, clock: _clock);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_super_admins_deeds_stand_in_the_platforms_log()
    {
        var account = await _host.RegisterAsync(Email, isSuperAdmin: true);

        await DoAllAsync(account);

        Assert.Equal(
            [
                "staff.add-passkey", "staff.change-password", "staff.end-sign-in", "staff.end-sign-ins", "staff.lock-out",
                "staff.new-recovery-codes", "staff.remove-passkey", "staff.rename", "staff.turn-second-factor-off", "staff.turn-second-factor-on",
            ],
            await _host.DeedsAsync(AuditEvent.OfPlatform));
    }

    [Fact]
    public async Task Of_who_works_for_several_they_stand_in_each_log_and_of_who_works_for_one_in_that_one_alone()
    {
        var (savanna, coast) = (await _host.FoundTenantAsync("savanna"), await _host.FoundTenantAsync("coast"));
        await DoAllAsync(await _host.HireAsync(Email, StandardRoles.Support, savanna, coast));

        var deeds = await _host.DeedsAsync(AuditEvent.OfPlatform);
        Assert.Equal(10, deeds.Count);
        Assert.Equal(deeds, await _host.DeedsAsync(savanna));
        Assert.Equal(deeds, await _host.DeedsAsync(coast));

        await _host.HireAsync("otieno@example.com", StandardRoles.Support, savanna);
        using var browser = _host.Browser();
        for (var i = 0; i < 7; i++)
            await browser.SignInAsync("otieno@example.com", "not the password");
        Assert.Equal(10, (await _host.DeedsAsync(AuditEvent.OfPlatform)).Count);
        Assert.Equal(11, (await _host.DeedsAsync(savanna)).Count);
        Assert.Equal(10, (await _host.DeedsAsync(coast)).Count);
    }

    private async Task DoAllAsync(StaffUser account)
    {
        const string Another = "green goat climbing";
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);
        await browser.SetUpAppAsync(_clock.GetUtcNow());
        await browser.SubmitAsync("/account/second-factor", "new-codes", ("Codes.Password", ConsoleHost.Password));
        await browser.SubmitAsync("/account/second-factor", "turn-off", ("Off.Password", ConsoleHost.Password));
        await browser.SubmitAsync("/account", "change-password", ("Form.Present", ConsoleHost.Password), ("Form.Password", Another));
        await browser.SubmitAsync("/account", "rename", ("Name.Name", "Wanjiku"));
        await AddAndRemovePasskeyAsync(account);

        _clock.Advance(TimeSpan.FromMinutes(1));
        using var phone = _host.Browser();
        await phone.SignInAsync(Email, Another);
        await using (var scope = _host.Services.CreateAsyncScope())
        {
            var open = await scope.ServiceProvider.GetRequiredService<SignInLog>().OpenAsync(account.Id, CancellationToken.None);
            await browser.PostFormAsync("/account", "/account/sign-ins/end", ("id", open.MaxBy(s => s.BeganAt)!.Id.ToString()));
        }

        await browser.PostFormAsync("/account", "/account/sign-ins/end-all");
        using var stranger = _host.Browser();
        for (var i = 0; i < 7; i++)
            await stranger.SignInAsync(Email, "not the password");
    }

    /// <summary>Without the browser's part, which the tests of the whole product play.</summary>
    private async Task AddAndRemovePasskeyAsync(StaffUser account)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().FindByIdAsync(account.Id.ToString()))!;
        var desk = scope.ServiceProvider.GetRequiredService<PasskeyDesk>();
        var visitor = new Visitor(null, "", []);
        await desk.AddAsync(user, Passkeys.Any(), "Laptop", visitor, CancellationToken.None);
        Assert.True(await desk.RemoveAsync(user, Passkeys.Any().CredentialId, visitor, CancellationToken.None));
    }
}
