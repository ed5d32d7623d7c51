using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Tests.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>A sign-in is made anew and can be handed to nobody beforehand; what a browser had before is worth nothing after it.</summary>
public sealed class SessionFixationTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private ConsoleHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ConsoleHost.StartAsync(server, clock: _clock);
        await _host.HireAsync(Email, StandardRoles.Support, await _host.FoundTenantAsync("savanna"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Each_sign_in_gets_a_cookie_of_its_own_and_names_itself_in_no_address()
    {
        using var browser = _host.Browser();

        var first = await CookieAsync(await browser.SignInAsync(Email));
        var second = await CookieAsync(await browser.SignInAsync(Email));

        Assert.NotEqual(first, second);
        Assert.DoesNotContain("easyisp=", await browser.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_that_was_planted_before_is_not_the_one_that_is_signed_in()
    {
        await _host.HireAsync("attacker@example.com", StandardRoles.Support, await _host.FoundTenantAsync("coast"));
        using var attacker = _host.Browser();
        var planted = await CookieAsync(await attacker.SignInAsync("attacker@example.com"));
        using var victim = _host.Browser();
        victim.DefaultRequestHeaders.Add("Cookie", planted);

        var own = await CookieAsync(await victim.SignInAsync(Email));

        Assert.NotEqual(planted, own);
        // The planted one stays what it was: the attacker's, and nothing of the victim's.
        Assert.DoesNotContain("savanna", await AskAsync(planted), StringComparison.Ordinal);
        Assert.DoesNotContain(Email, await AskAsync(planted), StringComparison.Ordinal);
        Assert.Contains(Email, await AskAsync(own), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_of_before_is_dead_after_signing_out_and_the_half_way_one_opens_nothing()
    {
        using var browser = _host.Browser();
        var cookie = await CookieAsync(await browser.SignInAsync(Email));
        await browser.SetUpAppAsync(_clock.GetUtcNow());
        await browser.PostFormAsync("/account", "/account/sign-out");
        using var half = _host.Browser();
        using var answer = await half.SignInAsync(Email);

        Assert.Equal("/account/code", answer.LocationPath());
        await Eventually.TrueAsync(async () => (await AskAsync(cookie)).Length == 0);
        foreach (var page in Surface.Pages.Where(page => !page.IsDefined(typeof(AllowAnonymousAttribute), inherit: true)).SelectMany(LivePages.AddressesOf).Where(address => !address.Contains('{', StringComparison.Ordinal)))
            Assert.StartsWith("/account/sign-in", (await half.OpenAsync(page)).LocationPath(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_that_was_changed_by_one_sign_is_none()
    {
        using var browser = _host.Browser();
        var cookie = await CookieAsync(await browser.SignInAsync(Email));

        Assert.NotEqual("", await AskAsync(cookie));
        Assert.Equal("", await AskAsync(cookie[..^5] + (cookie[^5] == 'A' ? 'B' : 'A') + cookie[^4..]));
    }

    private static Task<string> CookieAsync(HttpResponseMessage answer) => Task.FromResult(
        answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("easyisp=", StringComparison.Ordinal)).Split(';')[0]);

    /// <returns>What the page of the account shows to who has this cookie and no other; nothing where he is sent to sign in.</returns>
    private async Task<string> AskAsync(string cookie)
    {
        using var browser = _host.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.Add("Cookie", cookie);
        using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode == HttpStatusCode.OK ? await answer.TextAsync() : "";
    }
}
