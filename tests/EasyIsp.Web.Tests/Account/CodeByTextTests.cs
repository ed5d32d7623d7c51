using System.Text.RegularExpressions;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tests.Outbox;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

public sealed partial class CodeByTextTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";
    private const string Another = "green goat climbing";
    private const string Phone = "+254712345678";

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly PaperGateway _gateway = new();
    private ConsoleHost _host = null!;
    private StaffUser _user = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _host = await ConsoleHost.StartAsync(server, clock: _clock, edges: services => services.AddSingleton<ISmsGateway>(_gateway));
        _user = await _host.HireAsync(Email, StandardRoles.Support, _tenantId = await _host.FoundTenantAsync("savanna"));
        await using var db = await PlatformAsync();
        (await db.Tenants.SingleAsync(t => t.Id == _tenantId, TestContext.Current.CancellationToken)).TextStaffCodes(isOn: true);
        db.SmsAccounts.Add(SmsAccount.Open(
            _tenantId, "https://sms.example", "7", _host.Services.GetRequiredService<SecretCodec>().Protect(_tenantId, "key"), "SAVANNA", _clock.GetUtcNow()));
        await db.CommitAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_verified_phone_gets_a_code_that_sets_a_new_password_once()
    {
        await SetPhoneAsync();
        using var browser = _host.Browser();

        Assert.Contains("a code is on its way", await AskAsync(browser, Email));
        var code = await CodeAsync(count: 2);
        Assert.Equal("/account/sign-in?done=password", (await SetAsync(browser, code)).LocationPath());

        Assert.Equal("/", (await browser.SignInAsync(Email, Another)).LocationPath());
        Assert.Contains("good no more", await (await SetAsync(browser, code, "purple cow swimming")).TextAsync());
        Assert.Equal(["staff.reset-password", "staff.set-phone"], await _host.DeedsAsync(_tenantId));
    }

    [Fact]
    public async Task The_code_of_the_app_is_asked_for_all_the_same_and_a_lock_of_its_tries_stays()
    {
        await SetPhoneAsync();
        string key;
        using (var inside = _host.Browser())
        {
            await inside.SignInAsync(Email);
            (key, _) = await inside.SetUpAppAsync(_clock.GetUtcNow());
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        using var browser = _host.Browser();
        for (var i = 0; i < 5; i++)
        {
            await browser.SignInAsync(Email);
            await browser.SubmitAsync("/account/code", "code", ("Form.Code", "000000"));
        }

        await AskAsync(browser, Email);
        Assert.Equal("/account/sign-in?done=password", (await SetAsync(browser, await CodeAsync(count: 2))).LocationPath());
        Assert.Contains("is not right", await (await browser.SignInAsync(Email, Another)).TextAsync());
        _clock.Advance(IdentityFeature.LockoutTime + TimeSpan.FromSeconds(1));

        Assert.Equal("/account/code", (await browser.SignInAsync(Email, Another)).LocationPath());
        Assert.True((await browser.OpenAsync("/")).IsRedirect());
        Assert.Equal("/", (await browser.SubmitAsync("/account/code", "code", ("Form.Code", AuthenticatorCodes.CodeAt(key, _clock.GetUtcNow())))).LocationPath());
    }

    [Fact]
    public async Task Five_wrong_codes_end_the_right_one_and_many_at_once_are_no_way_around()
    {
        await SetPhoneAsync();
        using var browser = _host.Browser();
        await AskAsync(browser, Email);
        var code = await CodeAsync(count: 2);
        var wrong = code[^1] == '0' ? code[..^1] + '1' : code[..^1] + '0';

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var guesser = _host.Browser();
            await SetAsync(guesser, wrong);
        }));

        Assert.Contains("good no more", await (await SetAsync(browser, code)).TextAsync());
        Assert.Equal("/", (await browser.SignInAsync(Email)).LocationPath());
    }

    [Fact]
    public async Task A_code_is_good_for_ten_minutes_a_newer_one_ends_it_and_three_are_sent_in_an_hour()
    {
        await SetPhoneAsync();
        using var browser = _host.Browser();
        await AskAsync(browser, Email);
        var first = await CodeAsync(count: 2);
        await AskAsync(browser, Email);
        var second = await CodeAsync(count: 3);
        Assert.Contains("good no more", await (await SetAsync(browser, first)).TextAsync());

        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Contains("good no more", await (await SetAsync(browser, second)).TextAsync());

        foreach (var _ in Enumerable.Range(0, 3))
            await AskAsync(browser, Email);
        await NothingWaitsAsync();
        await CodeAsync(count: 4);
        Assert.Equal(4, _gateway.Sent.Count);
    }

    [Fact]
    public async Task Who_has_no_phone_or_no_account_is_told_the_same_words_and_gets_nothing()
    {
        using var browser = _host.Browser();

        var (without, nobody) = (await AskAsync(browser, Email), await AskAsync(browser, "nobody@example.com"));
        Assert.Equal(WithoutTokens(without).Replace(Email, "", StringComparison.Ordinal), WithoutTokens(nobody).Replace("nobody@example.com", "", StringComparison.Ordinal));
        await NothingWaitsAsync();
        Assert.Empty(_gateway.Sent);

        foreach (var email in new[] { Email, "nobody@example.com" })
            Assert.Contains("The code is not right, or good no more", await (await SetAsync(browser, "12345678", email: email)).TextAsync());
    }

    [Fact]
    public async Task A_password_that_breaks_a_rule_leaves_the_code_good()
    {
        await SetPhoneAsync();
        using var browser = _host.Browser();
        await AskAsync(browser, Email);
        var code = await CodeAsync(count: 2);

        foreach (var _ in Enumerable.Range(0, 6))
        {
            Assert.Contains("at least 12", await (await SetAsync(browser, code, "short")).TextAsync());
            Assert.Contains("name or e-mail address", await (await SetAsync(browser, code, "wanjiku kamau 2026")).TextAsync());
        }

        Assert.Equal("/account/sign-in?done=password", (await SetAsync(browser, code)).LocationPath());
    }

    [Fact]
    public async Task Colleagues_who_read_the_messages_do_not_read_the_code_and_it_is_gone_once_sent()
    {
        await SetPhoneAsync();
        var code = await CodeAsync(count: 1);

        await using var db = await PlatformAsync();
        var message = await db.Messages.IgnoreQueryFilters([QueryFilters.Tenant]).SingleAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("********", message.Text);
        Assert.DoesNotContain(code, message.Text, StringComparison.Ordinal);
        Assert.Equal((MessageClass.OneTimePassword, (Secret?)null), (message.Class, message.SecretText));
        await using var accounts = await _host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(code, string.Join(' ', await accounts.Database.SqlQuery<string>($"select c::text as \"Value\" from staff.sms_codes c").ToListAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_company_sends_the_codes_of_who_works_for_several_or_runs_the_platform()
    {
        await _host.HireAsync("several@example.com", StandardRoles.Support, _tenantId, await _host.FoundTenantAsync("coast"));
        await _host.RegisterAsync("super@example.com", isSuperAdmin: true);

        using var several = _host.Browser();
        await several.SignInAsync("several@example.com");
        Assert.DoesNotContain("Send me a code", await several.ReadAsync("/account"));
        using var super = _host.Browser();
        await super.SignInAsync("super@example.com");
        Assert.DoesNotContain("Send me a code", await super.ReadAsync("/account"));
    }

    [Fact]
    public async Task A_phone_that_was_taken_off_gets_no_code_and_neither_does_one_whose_company_sends_none_any_more()
    {
        await SetPhoneAsync();
        using var inside = _host.Browser();
        await inside.SignInAsync(Email);
        Assert.Equal("/account?done=phone-removed", (await inside.SubmitAsync("/account", "remove-phone")).LocationPath());
        using var browser = _host.Browser();
        await AskAsync(browser, Email);
        await NothingWaitsAsync();
        Assert.Single(_gateway.Sent);

        await using (var db = await PlatformAsync())
        {
            (await db.Tenants.SingleAsync(t => t.Id == _tenantId, TestContext.Current.CancellationToken)).TextStaffCodes(isOn: false);
            await db.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains("No mail can be sent", await browser.ReadAsync("/account/forgot-password"));
    }

    private async Task SetPhoneAsync()
    {
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);
        Assert.Contains("This is no phone number", await (await AskPhoneAsync(browser, "12", ConsoleHost.Password)).TextAsync());
        Assert.Contains("The password is not right", await (await AskPhoneAsync(browser, "0712 345678", "no")).TextAsync());
        Assert.Equal("/account?done=phone-asked", (await AskPhoneAsync(browser, "0712 345678", ConsoleHost.Password)).LocationPath());
        var code = await CodeAsync(count: 1);
        Assert.Contains("The code is not right", await (await browser.SubmitAsync("/account", "phone-code", ("PhoneCode.Code", "1"))).TextAsync());
        Assert.Equal("/account?done=phone", (await browser.SubmitAsync("/account", "phone-code", ("PhoneCode.Code", $"{code[..4]} {code[4..]}"))).LocationPath());
        Assert.Contains("0712 345678", await browser.ReadAsync("/account"));
    }

    private static Task<HttpResponseMessage> AskPhoneAsync(HttpClient browser, string phone, string password)
        => browser.SubmitAsync("/account", "phone", ("Phone.Number", phone), ("Phone.Password", password));

    private static async Task<string> AskAsync(HttpClient browser, string email)
        => await (await browser.SubmitAsync("/account/forgot-password", "forgot-password", ("Form.Email", email), ("Form.By", "text"))).TextAsync();

    private static Task<HttpResponseMessage> SetAsync(HttpClient browser, string code, string password = Another, string email = Email)
        => browser.SubmitAsync(
            "/account/forgot-password", "new-password-by-code", ("ByCode.Email", email), ("ByCode.Code", code), ("ByCode.Password", password));

    /// <summary>The code in the last text, as soon as so many have come.</summary>
    private async Task<string> CodeAsync(int count)
    {
        await Eventually.TrueAsync(() => Task.FromResult(_gateway.Sent.Count >= count));
        var (_, phone, text) = _gateway.Sent.Last();
        Assert.Equal(Phone, phone);
        await Eventually.TrueAsync(async () =>
        {
            await using var db = await PlatformAsync();
            return !await db.Messages.IgnoreQueryFilters([QueryFilters.Tenant]).AnyAsync(m => m.State == MessageState.Waiting, TestContext.Current.CancellationToken);
        });
        return Digits().Match(text).Value;
    }

    private Task NothingWaitsAsync() => Eventually.TrueAsync(async () =>
    {
        await using var accounts = await _host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return !await accounts.StaffMails.AnyAsync(m => m.NextTryAt != null, TestContext.Current.CancellationToken);
    });

    private Task<IspDbContext> PlatformAsync() => _host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(TestContext.Current.CancellationToken);

    private static string WithoutTokens(string html)
        => Regex.Replace(html, "(?:nonce|name=\"__RequestVerificationToken\" value)=\"[^\"]*\"|<!--.*?-->", "", RegexOptions.Singleline, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\b\d{8}\b", RegexOptions.None, 1000)]
    private static partial Regex Digits();
}
