using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

public sealed class SignInTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";

    private ConsoleHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ConsoleHost.StartAsync(server);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Who_works_for_one_tenant_enters_it_at_once()
    {
        await _host.HireAsync(Email, StandardRoles.Support, await _host.FoundTenantAsync("savanna"));
        using var browser = _host.Browser();

        var answer = await browser.SignInAsync(Email);

        Assert.Equal("/", answer.LocationPath());
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/")).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_refused_in_the_same_words()
    {
        await _host.HireAsync(Email, StandardRoles.Support, await _host.FoundTenantAsync("savanna"));
        using var browser = _host.Browser();

        foreach (var (email, password) in new[] { (Email, "not the password"), ("nobody@example.com", ConsoleHost.Password) })
        {
            var answer = await browser.SignInAsync(email, password);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("The e-mail address or the password is not right.", await answer.TextAsync());
        }

        Assert.True((await browser.OpenAsync("/")).IsRedirect());
    }

    [Fact]
    public async Task Whoever_tries_too_often_waits_whether_the_account_exists_or_not_and_another_is_let_in()
    {
        await using var host = await ConsoleHost.StartAsync(server, settings: [new("Limits:SignInByAccount:Tries", "3")]);
        var tenant = await host.FoundTenantAsync("savanna");
        await host.HireAsync(Email, StandardRoles.Support, tenant);
        await host.HireAsync("another@example.com", StandardRoles.Support, tenant);
        using var browser = host.Browser();

        foreach (var typed in new[] { Email, "nobody@example.com" })
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal(HttpStatusCode.OK, (await browser.SignInAsync(i == 1 ? typed.ToUpperInvariant() : typed, "not the password")).StatusCode);
            using var answer = await browser.SignInAsync(typed);
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 200);
            Assert.Contains("Too many tries. Try again in 4 minutes.", await answer.TextAsync());
        }

        Assert.Equal("/", (await browser.SignInAsync("another@example.com")).LocationPath());
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_even_for_the_right_one()
    {
        await _host.HireAsync(Email, StandardRoles.Support, await _host.FoundTenantAsync("savanna"));
        using var browser = _host.Browser();

        for (var i = 0; i < 5; i++)
            await browser.SignInAsync(Email, "not the password");
        var answer = await browser.SignInAsync(Email);

        Assert.Contains("is not right. After five wrong ones", await answer.TextAsync());
        Assert.True((await browser.OpenAsync("/")).IsRedirect());
    }

    [Fact]
    public async Task Who_works_for_several_tenants_chooses_and_enters_only_an_own_one()
    {
        var (savanna, coast, foreign) = (await _host.FoundTenantAsync("savanna"), await _host.FoundTenantAsync("coast"), await _host.FoundTenantAsync("foreign"));
        await _host.HireAsync(Email, StandardRoles.Admin, savanna, coast);
        using var browser = _host.Browser();

        Assert.Equal("/account/tenant", (await browser.SignInAsync(Email)).LocationPath());
        var choices = await browser.ReadAsync("/account/tenant");
        Assert.Contains("savanna Net", choices);
        Assert.Contains("coast Net", choices);
        Assert.DoesNotContain("foreign Net", choices);

        Assert.Equal("/account/tenant", (await browser.PostFormAsync("/account/tenant", "/account/tenant", ("tenantId", foreign.ToString()))).LocationPath());
        Assert.Equal("/", (await browser.PostFormAsync("/account/tenant", "/account/tenant", ("tenantId", coast.ToString()))).LocationPath());
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Staff_of_a_suspended_tenant_are_neither_let_in_nor_kept_in()
    {
        var savanna = await _host.FoundTenantAsync("savanna");
        await _host.HireAsync(Email, StandardRoles.Admin, savanna);
        using var inside = _host.Browser();
        await inside.SignInAsync(Email);

        await using (var scope = _host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<TenantDesk>().SuspendAsync(savanna, CancellationToken.None);

        using var outside = _host.Browser();
        Assert.Contains("suspended", await (await outside.SignInAsync(Email)).TextAsync());
        await Eventually.TrueAsync(async () => (await inside.OpenAsync("/")).IsRedirect());
    }

    [Fact]
    public async Task The_way_back_never_leads_to_a_strangers_site()
    {
        await _host.HireAsync(Email, StandardRoles.Admin, await _host.FoundTenantAsync("savanna"));
        using var browser = _host.Browser();
        var page = await browser.PostFormAsync(
            "/account/sign-in",
            "/account/sign-in?returnUrl=//evil.example/",
            ("_handler", "sign-in"), ("Form.Email", Email), ("Form.Password", ConsoleHost.Password));

        Assert.Equal("/", page.LocationPath());
    }

    [Fact]
    public async Task Signing_out_needs_a_form_of_ours_and_ends_the_cookie()
    {
        await _host.HireAsync(Email, StandardRoles.Admin, await _host.FoundTenantAsync("savanna"));
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/account/sign-out", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("/account/sign-in", (await browser.PostFormAsync("/account/tenant", "/account/sign-out")).LocationPath());
        Assert.True((await browser.OpenAsync("/")).IsRedirect());
    }
}
