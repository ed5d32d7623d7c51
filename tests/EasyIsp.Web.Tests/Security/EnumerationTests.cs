using System.Diagnostics;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using EasyIsp.Web.Tests.Account;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>Neither words nor time tell a stranger who has an account.</summary>
public sealed class EnumerationTests(PostgresServer server) : IAsyncLifetime
{
    private const string Known = "wanjiku@example.com";
    private const string Unknown = "nobody1@example.com";
    private const int Rounds = 12;

    private SmtpServer _mail = null!;
    private ConsoleHost _host = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _mail = await SmtpServer.StartAsync();
        _host = await ConsoleHost.StartAsync(server, settings: [.. _mail.Settings(), .. ConsoleHost.WithoutLimits]);
        await _host.HireAsync(Known, StandardRoles.Support, _tenantId = await _host.FoundTenantAsync("savanna"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task Signing_in_says_the_same_of_a_stranger_a_wrong_password_and_a_locked_account()
    {
        using var browser = _host.Browser();
        HashSet<string> said = [];

        for (var i = 0; i < 8; i++)
        {
            foreach (var email in new[] { Known, Unknown })
                said.Add(Steady(await (await browser.SignInAsync(email, "not the password")).TextAsync(), email));
        }

        Assert.Single(said);
    }

    [Fact]
    public async Task Signing_in_takes_as_long_for_a_stranger_and_for_a_locked_account_as_for_a_wrong_password()
    {
        for (var i = 0; i < 5; i++)
            await _host.HireAsync($"colleague{i}@example.com", StandardRoles.Support, _tenantId);
        using var browser = _host.Browser();
        var page = await browser.ReadAsync("/account/sign-in");
        foreach (var email in new[] { Known, Unknown })
            await TimeAsync(browser, page, email);

        List<double> wrong = [], stranger = [], locked = [];
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                wrong.Add(await TimeAsync(browser, page, $"colleague{i}@example.com"));
                stranger.Add(await TimeAsync(browser, page, Unknown));
                locked.Add(await TimeAsync(browser, page, Known));
            }
        }

        Assert.InRange(Median(stranger) / Median(wrong), 0.5, 2);
        Assert.InRange(Median(locked.Skip(8)) / Median(wrong), 0.5, 2);
    }

    [Fact]
    public async Task Asking_for_another_password_says_the_same_and_takes_as_long()
    {
        using var browser = _host.Browser();
        var page = await browser.ReadAsync("/account/forgot-password");
        List<double> known = [], stranger = [];
        HashSet<string> said = [];
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var (email, took) in new[] { (Known, known), (Unknown, stranger) })
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await browser.PostAsync("/account/forgot-password", Fields(page, ("_handler", "forgot-password"), ("Form.Email", email)), TestContext.Current.CancellationToken);
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                said.Add(Steady(await answer.TextAsync(), email));
            }
        }

        Assert.Single(said);
        Assert.InRange(Median(stranger) / Median(known), 0.33, 3);
    }

    [Fact]
    public async Task A_link_that_never_was_says_what_one_says_that_is_used_up()
    {
        using var browser = _host.Browser();
        await browser.SubmitAsync("/account/forgot-password", "forgot-password", ("Form.Email", Known));
        var link = AccountSteps.LinkIn(await _mail.MailAsync("A new password for EasyISP"));
        await browser.SetPasswordAsync(link, "green goat climbing");

        var used = Steady(await browser.ReadAsync(link), "");
        var never = Steady(await browser.ReadAsync($"/account/new-password?key={new string('x', 22)}"), "");
        Assert.Equal(used, never);
        Assert.DoesNotContain(Known, used, StringComparison.Ordinal);

        var invitation = Steady(await browser.ReadAsync(link.Replace("new-password", "invitation", StringComparison.Ordinal)), "");
        Assert.Equal(invitation, Steady(await browser.ReadAsync($"/account/invitation?key={new string('x', 22)}"), ""));
    }

    [Fact]
    public async Task Asking_for_a_passkey_names_nobody()
    {
        using var browser = _host.Browser();

        using var answer = await browser.PostFormAsync("/account/sign-in", "/account/passkeys/request", ("email", Known));

        Assert.Contains("\"allowCredentials\":[]", await answer.TextAsync(), StringComparison.Ordinal);
    }

    private static async Task<double> TimeAsync(HttpClient browser, string page, string email)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await browser.PostAsync(
            "/account/sign-in", Fields(page, ("_handler", "sign-in"), ("Form.Email", email), ("Form.Password", "not the password")), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static FormUrlEncodedContent Fields(string page, params (string Name, string Value)[] fields)
        => new(fields.Append((Name: "__RequestVerificationToken", Value: BrowserSteps.TokenIn(page))).Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static double Median(IEnumerable<double> times) => times.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    /// <summary>Without what differs from answer to answer by itself, and without the address that was typed.</summary>
    private static string Steady(string html, string email) => InjectionTests.Steady(email.Length == 0 ? html : html.Replace(email, "", StringComparison.Ordinal));
}
