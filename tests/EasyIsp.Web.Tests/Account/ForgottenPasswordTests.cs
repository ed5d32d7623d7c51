using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

public sealed class ForgottenPasswordTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";
    private const string Another = "green goat climbing";
    private const string Subject = "A new password for EasyISP";

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private SmtpServer _mail = null!;
    private ConsoleHost _host = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _mail = await SmtpServer.StartAsync();
        _host = await ConsoleHost.StartAsync(server, settings: _mail.Settings(), clock: _clock);
        await _host.HireAsync(Email, StandardRoles.Support, _tenantId = await _host.FoundTenantAsync("savanna"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task A_mailed_link_sets_another_password_once_and_signs_out_everywhere()
    {
        using var inside = _host.Browser();
        await inside.SignInAsync(Email);
        using var browser = _host.Browser();

        await AskAsync(browser, Email);
        var link = AccountSteps.LinkIn(await _mail.MailAsync(Subject));
        Assert.Contains(Email, await browser.ReadAsync(link));
        Assert.Equal("/account/sign-in?done=password", (await browser.SetPasswordAsync(link, Another)).LocationPath());

        Assert.Contains("is not right", await (await browser.SignInAsync(Email)).TextAsync());
        Assert.Equal("/", (await browser.SignInAsync(Email, Another)).LocationPath());
        await Eventually.TrueAsync(async () => (await inside.OpenAsync("/")).IsRedirect());
        Assert.Contains("good no more", await browser.ReadAsync(link));
        Assert.Equal(Email, (await _mail.MailAsync("Your EasyISP password was changed")).To.ToString());
        Assert.Equal(["staff.reset-password"], await _host.DeedsAsync(_tenantId));
    }

    [Fact]
    public async Task A_stranger_is_told_the_same_words_and_nothing_is_mailed()
    {
        using var browser = _host.Browser();

        var known = await AskAsync(browser, Email);
        var unknown = await AskAsync(browser, "nobody@example.com");

        Assert.Equal(WithoutTokens(known), WithoutTokens(unknown));
        await Eventually.TrueAsync(async () => !(await MailsAsync()).Any(mail => mail.NextTryAt is not null));
        Assert.Equal([Email], _mail.Mails.Select(mail => mail.To.ToString()));
    }

    [Fact]
    public async Task A_link_is_good_for_an_hour_and_a_newer_one_ends_it()
    {
        using var browser = _host.Browser();
        await AskAsync(browser, Email);
        var first = AccountSteps.LinkIn(await _mail.MailAsync(Subject));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await AskAsync(browser, Email);
        var second = AccountSteps.LinkIn(await _mail.MailAsync(Subject, count: 2));

        Assert.Contains("good no more", await browser.ReadAsync(first));
        Assert.DoesNotContain("good no more", await browser.ReadAsync(second));
        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains("good no more", await browser.ReadAsync(second));
        Assert.Contains("good no more", await (await browser.SubmitAsync(
            "/account/forgot-password", "forgot-password", ("Form.Email", "none"))).TextAsync() + await browser.ReadAsync(second));
    }

    [Fact]
    public async Task A_password_that_breaks_a_rule_leaves_the_link_good()
    {
        using var browser = _host.Browser();
        await AskAsync(browser, Email);
        var link = AccountSteps.LinkIn(await _mail.MailAsync(Subject));

        Assert.Contains("at least 12", await (await browser.SetPasswordAsync(link, "short")).TextAsync());
        Assert.Equal("/account/sign-in?done=password", (await browser.SetPasswordAsync(link, Another)).LocationPath());
    }

    [Fact]
    public async Task No_address_gets_more_than_three_mails_an_hour()
    {
        using var browser = _host.Browser();

        foreach (var typed in new[] { Email, Email.ToUpperInvariant(), Email, Email })
            await AskAsync(browser, typed);

        Assert.Equal(3, await CountAsync(Email));
        for (var i = 0; i < 3; i++)
            await AskAsync(browser, "nobody@example.com");
        foreach (var typed in new[] { Email, "nobody@example.com" })
            Assert.Contains("Too many tries. Try again in 20 minutes.", await AskAsync(browser, typed));
        _clock.Advance(TimeSpan.FromMinutes(61));
        await AskAsync(browser, Email);
        Assert.Equal((4, 3), (await CountAsync(Email), await CountAsync("nobody@example.com")));
    }

    [Fact]
    public async Task A_lock_ends_with_the_new_password()
    {
        using var browser = _host.Browser();
        for (var i = 0; i < 5; i++)
            await browser.SignInAsync(Email, "not the password");
        await AskAsync(browser, Email);

        await browser.SetPasswordAsync(AccountSteps.LinkIn(await _mail.MailAsync(Subject)), Another);

        Assert.Equal("/", (await browser.SignInAsync(Email, Another)).LocationPath());
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_says_who_can_help()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        using var browser = host.Browser();

        var page = await browser.ReadAsync("/account/forgot-password");

        Assert.Contains("No mail can be sent from this installation yet", page);
        Assert.DoesNotContain("Mail me a link", page);
    }

    private static async Task<string> AskAsync(HttpClient browser, string email)
    {
        var answer = await browser.SubmitAsync("/account/forgot-password", "forgot-password", ("Form.Email", email));
        return await answer.TextAsync();
    }

    /// <summary>What differs from answer to answer by itself.</summary>
    private static string WithoutTokens(string html)
        => System.Text.RegularExpressions.Regex.Replace(html, "(?:nonce|value)=\"[^\"]*\"|<!--.*?-->", "", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(1));

    private async Task<int> CountAsync(string address)
        => (await MailsAsync()).Count(mail => string.Equals(mail.Address, address, StringComparison.OrdinalIgnoreCase));

    private async Task<List<StaffMail>> MailsAsync()
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await db.StaffMails.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);
    }
}
