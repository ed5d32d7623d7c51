using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

public sealed class SecondFactorTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private ConsoleHost _host = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _host = await ConsoleHost.StartAsync(server, clock: _clock);
        await _host.HireAsync(Email, StandardRoles.Accountant, _tenantId = await _host.FoundTenantAsync("savanna"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task With_an_app_the_password_alone_opens_nothing_and_each_code_is_good_once()
    {
        var (key, codes) = await SetUpAsync();
        Assert.Equal(10, codes.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var code = AuthenticatorCodes.CodeAt(key, _clock.GetUtcNow());
        using var browser = _host.Browser();

        Assert.Equal("/account/code", (await browser.SignInAsync(Email)).LocationPath());
        Assert.True((await browser.OpenAsync("/")).IsRedirect());
        Assert.Equal("/", (await EnterAsync(browser, code)).LocationPath());
        Assert.True((await browser.OpenAsync("/")).IsSuccessStatusCode);

        using var another = _host.Browser();
        await another.SignInAsync(Email);
        Assert.Contains("The code is not right", await (await EnterAsync(another, code)).TextAsync());
    }

    [Fact]
    public async Task A_lost_phone_is_stood_in_for_by_a_recovery_code_and_that_only_once()
    {
        var (_, codes) = await SetUpAsync();
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);

        Assert.Equal("/", (await EnterAsync(browser, codes[0].ToLowerInvariant().Replace('-', ' '))).LocationPath());
        Assert.Contains("9 recovery codes are left", await browser.ReadAsync("/account"));

        using var another = _host.Browser();
        await another.SignInAsync(Email);
        Assert.Contains("The code is not right", await (await EnterAsync(another, codes[0])).TextAsync());
    }

    [Fact]
    public async Task Five_wrong_codes_lock_the_account_and_the_right_password_between_them_does_not_help()
    {
        var (key, _) = await SetUpAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        using var browser = _host.Browser();
        for (var i = 0; i < 5; i++)
        {
            await browser.SignInAsync(Email);
            await EnterAsync(browser, "000000");
        }

        Assert.Contains("After five wrong ones", await (await browser.SignInAsync(Email)).TextAsync());
        _clock.Advance(IdentityFeature.LockoutTime + TimeSpan.FromSeconds(1));
        await browser.SignInAsync(Email);
        Assert.Equal("/", (await EnterAsync(browser, AuthenticatorCodes.CodeAt(key, _clock.GetUtcNow()))).LocationPath());
    }

    [Fact]
    public async Task Many_wrong_passwords_at_once_are_no_way_around_the_lock()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await using var scope = _host.Services.CreateAsyncScope();
            var account = await scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<StaffUser>>().FindByEmailAsync(Email);
            return await scope.ServiceProvider.GetRequiredService<StaffCredentials>().CheckPasswordAsync(account!, "not the password", CancellationToken.None);
        }));

        Assert.Equal(5, answers.Count(answer => answer == CredentialCheck.Wrong));
        Assert.Equal(15, answers.Count(answer => answer == CredentialCheck.LockedOut));
    }

    [Fact]
    public async Task The_first_half_of_a_sign_in_is_good_for_five_minutes()
    {
        var (key, _) = await SetUpAsync();
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);

        _clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("/account/sign-in", (await browser.OpenAsync("/account/code")).LocationPath());
        Assert.NotEmpty(key);
    }

    [Fact]
    public async Task Turning_it_off_and_new_codes_ask_for_the_password()
    {
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);
        var (_, codes) = await browser.SetUpAppAsync(_clock.GetUtcNow());

        Assert.Contains("The password is not right", await (await browser.SubmitAsync("/account/second-factor", "new-codes", ("Codes.Password", "no"))).TextAsync());
        var renewed = await (await browser.SubmitAsync("/account/second-factor", "new-codes", ("Codes.Password", ConsoleHost.Password))).TextAsync();
        Assert.Contains("Keep these recovery codes", renewed);
        Assert.DoesNotContain(codes[0], renewed);

        Assert.Contains("The password is not right", await (await browser.SubmitAsync("/account/second-factor", "turn-off", ("Off.Password", "no"))).TextAsync());
        Assert.Equal("/account?done=code-off", (await browser.SubmitAsync("/account/second-factor", "turn-off", ("Off.Password", ConsoleHost.Password))).LocationPath());
        using var another = _host.Browser();
        Assert.Equal("/", (await another.SignInAsync(Email)).LocationPath());
    }

    [Fact]
    public async Task A_role_that_requires_it_opens_nothing_until_it_is_set_up()
    {
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);
        await RequireAsync(StandardRoles.Accountant);

        await Eventually.TrueAsync(async () => (await browser.OpenAsync("/payments")).LocationPath()?.StartsWith("/account/denied", StringComparison.Ordinal) == true);
        Assert.Equal("/account/second-factor", (await browser.OpenAsync("/account/denied")).LocationPath());
        Assert.Contains("Your role asks for a code", await browser.ReadAsync("/account/second-factor"));

        await browser.SetUpAppAsync(_clock.GetUtcNow());
        await Eventually.TrueAsync(async () => (await browser.OpenAsync("/payments")).IsSuccessStatusCode);
    }

    [Theory]
    // RFC 6238, appendix B (SHA-1), of eight digits the last six.
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    public void Codes_are_those_of_the_standard(long second, string code)
    {
        const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        var at = DateTimeOffset.FromUnixTimeSeconds(second);

        Assert.Equal(code, AuthenticatorCodes.CodeAt(Key, at));
        Assert.Equal(second / 30, AuthenticatorCodes.StepOf(code, Key, lastStep: null, at.AddSeconds(30)));
        Assert.Null(AuthenticatorCodes.StepOf(code, Key, lastStep: second / 30, at));
        Assert.Null(AuthenticatorCodes.StepOf(code, Key, lastStep: null, at.AddSeconds(90)));
    }

    private async Task<(string Key, IReadOnlyList<string> Codes)> SetUpAsync()
    {
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);
        return await browser.SetUpAppAsync(_clock.GetUtcNow());
    }

    private static Task<HttpResponseMessage> EnterAsync(HttpClient browser, string code)
        => browser.SubmitAsync("/account/code", "code", ("Form.Code", code));

    private async Task RequireAsync(string roleName)
    {
        await using var db = await _host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        var role = await db.Roles.IgnoreQueryFilters([QueryFilters.Tenant]).SingleAsync(r => r.TenantId == _tenantId && r.Name == roleName);
        role.RequireSecondFactor(isRequired: true);
        await db.CommitAsync(CancellationToken.None);
    }
}
