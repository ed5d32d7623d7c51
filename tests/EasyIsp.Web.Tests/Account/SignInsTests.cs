using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

public sealed class SignInsTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Phone = "Mozilla/5.0 (Linux; Android 15; SM-A065F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

    /// <summary>What an open page may take until it hears that it is over.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private SmtpServer _mail = null!;
    private ConsoleHost _host = null!;
    private StaffUser _user = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _mail = await SmtpServer.StartAsync();
        _host = await ConsoleHost.StartAsync(server, settings: _mail.Settings(), clock: _clock);
        _user = await _host.HireAsync(Email, StandardRoles.Support, _tenantId = await _host.FoundTenantAsync("savanna"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task A_person_sees_where_he_is_signed_in_and_ends_one_without_the_other()
    {
        using var desk = await SignedInAsync(Firefox);
        using var phone = await SignedInAsync(Phone);

        var page = await desk.ReadAsync("/account");
        Assert.Contains("Firefox on Linux", page);
        Assert.Contains("Chrome on Android", page);

        var open = await OpenAsync();
        await desk.PostFormAsync("/account", "/account/sign-ins/end", ("id", open.Single(s => s.Agent == Phone).Id.ToString()));
        await Eventually.TrueAsync(async () => (await phone.OpenAsync("/")).IsRedirect());
        Assert.True((await desk.OpenAsync("/")).IsSuccessStatusCode);
        Assert.DoesNotContain("Chrome on Android", await desk.ReadAsync("/account"));
    }

    [Fact]
    public async Task Nobody_ends_another_persons_sign_in()
    {
        await _host.HireAsync("otieno@example.com", StandardRoles.Admin, _tenantId);
        using var hers = await SignedInAsync(Firefox);
        using var his = _host.Browser();
        await his.SignInAsync("otieno@example.com");

        await his.PostFormAsync("/account", "/account/sign-ins/end", ("id", (await OpenAsync()).Single().Id.ToString()));

        Assert.Single(await OpenAsync());
        Assert.True((await hers.OpenAsync("/")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_cookie_and_every_circuit_within_two_seconds()
    {
        using var desk = await SignedInAsync(Firefox);
        using var phone = await SignedInAsync(Phone);
        var circuits = await Task.WhenAll((await OpenAsync()).Select(signIn => CircuitAsync(signIn.Id)));

        Assert.Equal("/account/sign-in", (await desk.PostFormAsync("/account", "/account/sign-ins/end-all")).LocationPath());

        await Task.WhenAll(circuits.Select(circuit => circuit.Ended)).WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        Assert.True((await desk.OpenAsync("/")).IsRedirect());
        Assert.True((await phone.OpenAsync("/")).IsRedirect());
        foreach (var circuit in circuits)
            circuit.Dispose();
    }

    [Fact]
    public async Task The_end_of_one_sign_in_leaves_the_circuits_of_the_others_alone()
    {
        using var desk = await SignedInAsync(Firefox);
        using var phone = await SignedInAsync(Phone);
        var open = await OpenAsync();
        using var ends = await CircuitAsync(open.Single(s => s.Agent == Phone).Id);
        using var stays = await CircuitAsync(open.Single(s => s.Agent == Firefox).Id);

        await phone.PostFormAsync("/account", "/account/sign-out");

        await ends.Ended.WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        Assert.False(stays.Ended.IsCompleted);
    }

    [Fact]
    public async Task Another_password_ends_all_sign_ins_but_the_one_it_was_changed_in()
    {
        using var desk = await SignedInAsync(Firefox);
        using var phone = await SignedInAsync(Phone);
        using var circuit = await CircuitAsync((await OpenAsync()).Single(s => s.Agent == Phone).Id);

        Assert.Contains("The present password is not right", await (await ChangeAsync(desk, "not the password")).TextAsync());
        Assert.Equal("/account?done=password", (await ChangeAsync(desk, ConsoleHost.Password)).LocationPath());

        await circuit.Ended.WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await phone.OpenAsync("/")).IsRedirect());
        Assert.True((await desk.OpenAsync("/")).IsSuccessStatusCode);
        await _mail.MailAsync("Your EasyISP password was changed");
    }

    [Fact]
    public async Task A_sign_in_that_nobody_uses_for_twelve_hours_is_over()
    {
        using var browser = await SignedInAsync(Firefox);
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromHours(5));
            Assert.True((await browser.OpenAsync("/")).IsSuccessStatusCode);
        }

        _clock.Advance(TimeSpan.FromHours(12));

        Assert.True((await browser.OpenAsync("/")).IsRedirect());
    }

    [Fact]
    public async Task A_browser_that_was_never_used_before_is_told_of_by_mail_and_the_first_of_all_is_not()
    {
        using var desk = await SignedInAsync(Firefox);
        await desk.PostFormAsync("/account", "/account/sign-out");
        await desk.SignInAsync(Email);
        using var phone = await SignedInAsync(Phone);

        var mail = await _mail.MailAsync("A new device signed in to EasyISP");

        Assert.Contains("Chrome on Android", mail.TextBody);
        Assert.Single(_mail.Mails);
    }

    [Theory]
    [InlineData(Firefox, "Firefox on Linux")]
    [InlineData(Phone, "Chrome on Android")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("curl/8.5.0", "An unknown browser")]
    public void Browsers_are_named_as_people_name_them(string agent, string name) => Assert.Equal(name, BrowserName.Of(agent));

    private static Task<HttpResponseMessage> ChangeAsync(HttpClient browser, string present)
        => browser.SubmitAsync("/account", "change-password", ("Form.Present", present), ("Form.Password", "green goat climbing"));

    private async Task<HttpClient> SignedInAsync(string agent)
    {
        var browser = _host.Browser();
        browser.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        Assert.Equal("/", (await browser.SignInAsync(Email)).LocationPath());
        return browser;
    }

    private async Task<IReadOnlyList<SignIn>> OpenAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignInLog>().OpenAsync(_user.Id, CancellationToken.None);
    }

    private Task<OpenCircuit> CircuitAsync(Guid signInId) => OpenCircuit.OfAsync(_host, _user.Id, _tenantId, signInId);
}
