using System.Net;
using System.Text.RegularExpressions;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using EasyIsp.Web.Tests.Account;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>Whoever guesses a password or a code gets five tries, at each place that asks for one; the sixth is not looked at, even when it is right.</summary>
public sealed partial class GuessingTests(PostgresServer server) : IAsyncLifetime
{
    private const string Wrong = "not the password";
    private const int Tries = 5;

    /// <summary>Places that ask for a secret which nobody guesses, and why.</summary>
    private static readonly Dictionary<string, string> NotGuessed = new(StringComparer.Ordinal)
    {
        ["new-password"] = "asks for a password to be; the key of the link has 128 random bits",
        ["invitation"] = "asks for a password to be; the key of the link has 128 random bits",
        ["turn-on"] = "a code of a key that the page itself shows to whoever is signed in",
    };

    /// <summary>Tried in tests of their own, with the codes that are sent.</summary>
    private static readonly string[] TriedElsewhere =
    [
        "new-password-by-code", // CodeByTextTests.Five_wrong_codes_end_the_right_one_and_many_at_once_are_no_way_around
        "phone-code", // the same: one kind of code, counted in one place
        "phone", // CodeByTextTests; it asks as the change of the address does, once a company sends the person's codes
    ];

    private static readonly string[] Guessed = ["sign-in", "code", "change-password", "change-address", "turn-off", "new-codes", "/account/passkeys/options"];

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private SmtpServer _mail = null!;
    private ConsoleHost _host = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _mail = await SmtpServer.StartAsync();
        _host = await ConsoleHost.StartAsync(server, settings: _mail.Settings(), clock: _clock);
        _tenantId = await _host.FoundTenantAsync("savanna");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public void Every_form_that_asks_for_a_password_or_a_code_is_among_those_that_are_tried()
    {
        var forms = Surface.Sources("*.razor")
            .SelectMany(source => Form().Matches(source.Text))
            .Where(form => form.Groups["fields"].Value.Contains("type=\"password\"", StringComparison.Ordinal) || form.Groups["fields"].Value.Contains("one-time-code", StringComparison.Ordinal))
            .Select(form => form.Groups["options"].Value is { Length: > 0 } options ? options : form.Groups["name"].Value)
            .Order(StringComparer.Ordinal);

        Assert.Equal(Guessed.Concat(NotGuessed.Keys).Concat(TriedElsewhere).Order(StringComparer.Ordinal), forms);
    }

    /// <summary>The same of endpoints: what takes a field of this name takes something that can be guessed.</summary>
    [Fact]
    public void Every_endpoint_that_takes_a_password_or_a_code_is_among_those_that_are_tried()
    {
        var endpoints = Surface.EndpointsOf(_host)
            .Where(endpoint => endpoint.Metadata.GetMetadata<System.Reflection.MethodInfo>()?.GetParameters()
                .Any(parameter => parameter.IsDefined(typeof(FromFormAttribute), inherit: false) && parameter.Name is "password" or "code" or "pin" or "otp") == true)
            .Select(endpoint => endpoint.Pattern());

        Assert.Empty(endpoints.Except(Guessed));
    }

    [Fact]
    public async Task Signing_in() => await GuessAsync("sign-in", (browser, _, password) => browser.SignInAsync("sign-in@example.com", password), ends: "/");

    [Fact]
    public async Task Changing_the_password() => await GuessAsync(
        "change-password",
        (browser, _, password) => browser.SubmitAsync("/account", "change-password", ("Form.Present", password), ("Form.Password", "green goat climbing")),
        ends: "/account?done=password");

    [Fact]
    public async Task Changing_the_address() => await GuessAsync(
        "change-address",
        (browser, _, password) => browser.SubmitAsync("/account", "change-address", ("Address.Email", "another@example.com"), ("Address.Password", password)),
        ends: "/account?done=address-asked");

    [Fact]
    public async Task Taking_the_second_factor_off() => await GuessAsync(
        "turn-off", (browser, _, password) => browser.SubmitAsync("/account/second-factor", "turn-off", ("Off.Password", password)), ends: "/account?done=code-off", hasApp: true);

    [Fact]
    public async Task Making_new_recovery_codes() => await GuessAsync(
        "new-codes", (browser, _, password) => browser.SubmitAsync("/account/second-factor", "new-codes", ("Codes.Password", password)), ends: "Keep these recovery codes", hasApp: true);

    [Fact]
    public async Task Adding_a_passkey() => await GuessAsync(
        "passkeys", (browser, _, password) => browser.PostFormAsync("/account", "/account/passkeys/options", ("password", password)), ends: "\"challenge\"");

    [Fact]
    public async Task A_code_of_the_app_or_a_recovery_code()
    {
        var (browser, codes) = await PersonAsync("code", hasApp: true);
        using var another = _host.Browser();
        Assert.Equal("/account/code", (await another.SignInAsync("code@example.com")).LocationPath());
        for (var i = 0; i < Tries; i++)
            await another.SubmitAsync("/account/code", "code", ("Form.Code", $"{i:D6}"));

        using var answer = await another.SubmitAsync("/account/code", "code", ("Form.Code", codes[0]));

        Assert.Contains("Too many wrong", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.True((await another.OpenAsync("/")).IsRedirect());
        browser.Dispose();
    }

    [Fact]
    public async Task A_key_of_a_link_is_not_to_be_guessed_by_its_beginning()
    {
        using var browser = _host.Browser();

        foreach (var key in new[] { "", "0", "%", "' or 1=1 --", new string('A', 22), new string('A', 10_000) })
        {
            foreach (var page in new[] { "/account/invitation", "/account/new-password" })
            {
                using var answer = await browser.OpenAsync($"{page}?key={Uri.EscapeDataString(key)}");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Contains("good no more", await answer.TextAsync(), StringComparison.Ordinal);
            }
        }
    }

    /// <param name="ends">Where the right password leads to, or what it shows.</param>
    private async Task GuessAsync(
        string name, Func<HttpClient, IReadOnlyList<string>, string, Task<HttpResponseMessage>> tryAsync, string ends, bool hasApp = false)
    {
        var (browser, codes) = await PersonAsync(name, hasApp);
        using (browser)
        {
            for (var i = 0; i < Tries; i++)
                Assert.False(await IsInAsync(await tryAsync(browser, codes, Wrong), ends));
            Assert.False(await IsInAsync(await tryAsync(browser, codes, ConsoleHost.Password), ends), "The sixth try was looked at.");
            _clock.Advance(IdentityFeature.LockoutTime + TimeSpan.FromSeconds(1));
            Assert.True(await IsInAsync(await tryAsync(browser, codes, ConsoleHost.Password), ends), "The lock does not end.");
        }
    }

    private static async Task<bool> IsInAsync(HttpResponseMessage answer, string ends)
    {
        using (answer)
            return answer.LocationPath() == ends || (await answer.TextAsync()).Contains(ends, StringComparison.Ordinal) && !ends.StartsWith('/');
    }

    /// <summary>Somebody who sits before a page that is signed in.</summary>
    private async Task<(HttpClient Browser, IReadOnlyList<string> Codes)> PersonAsync(string name, bool hasApp)
    {
        await _host.HireAsync($"{name}@example.com", StandardRoles.Support, _tenantId);
        var browser = _host.Browser();
        Assert.Equal("/", (await browser.SignInAsync($"{name}@example.com")).LocationPath());
        return (browser, hasApp ? (await browser.SetUpAppAsync(_clock.GetUtcNow())).Codes : []);
    }

    [GeneratedRegex("""<form(?=[^>]*(?:@formname="(?<name>[^"]+)"|data-options="(?<options>[^"]+)"))[^>]*>(?<fields>.*?)</form>""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Form();
}
