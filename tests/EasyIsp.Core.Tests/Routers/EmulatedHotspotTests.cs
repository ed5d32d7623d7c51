using System.Net;
using System.Text.RegularExpressions;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Routers.Radius;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>The emulated captive pages (mikrotik.md 5).</summary>
public sealed class EmulatedHotspotTests
{
    [Fact]
    public async Task A_phone_that_opens_any_page_is_handed_to_the_portal_with_all_it_needs_to_come_back()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.PortalUrl = "http://portal.test/h/site-1");
        using var phone = Phone(site);

        var page = await phone.GetStringAsync($"/generate_204?device={EmulatedSite.Mac}", TestContext.Current.CancellationToken);

        var fields = Fields(page);
        Assert.Contains("""action="http://portal.test/h/site-1" method="get""", page, StringComparison.Ordinal);
        Assert.Equal(EmulatedSite.Mac, fields["mac"]);
        Assert.Equal(site.Router.FindHost(EmulatedSite.Mac)!.Address.ToString(), fields["ip"]);
        Assert.Equal($"{site.Router.HotspotUrl}/login", fields["link-login-only"]);
        Assert.Equal($"{site.Router.HotspotUrl}/generate_204", fields["link-orig"]);
        Assert.Matches(@"^\\[0-7]{3}$", fields["chap-id"]);
        Assert.Matches(@"^(\\[0-7]{3}){16}$", fields["chap-challenge"]);
    }

    [Fact]
    public async Task A_plain_password_signs_in_and_leads_to_where_the_phone_wanted_to_go()
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var phone = Phone(site, followRedirects: false);

        using var response = await phone.GetAsync(
            $"/login?device={EmulatedSite.Mac}&username=voucher1&password=voucher1&dst=http%3A%2F%2Fexample.com%2F",
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("http://example.com/", response.Headers.Location!.ToString());
        Assert.True((await site.Radius.AuthenticationAsync()).Packet.Has(Attr.UserPassword));
        Assert.Equal("voucher1", Assert.Single(site.Router.Sessions).User);
    }

    [Fact]
    public async Task A_chap_answer_goes_to_radius_as_it_is_and_its_challenge_is_good_once()
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var phone = Phone(site);
        var fields = Fields(await phone.GetStringAsync("/", TestContext.Current.CancellationToken));
        var proof = (ChapProof)PasswordProof.ByChap("voucher1", Octal(fields["chap-id"])[0], Octal(fields["chap-challenge"]));
        var answer = Convert.ToHexStringLower(proof.Response);

        site.Radius.RejectWith = "not yet";
        Assert.Equal("not yet", await ErrorAsync(phone, answer));

        var request = (await site.Radius.AuthenticationAsync()).Packet;
        Assert.Equal([proof.Identifier, .. proof.Response], Assert.Single(request.All(Attr.ChapPassword)));
        Assert.Equal(proof.Challenge, Assert.Single(request.All(Attr.ChapChallenge)));
        await ErrorAsync(phone, answer);
        Assert.NotEqual(proof.Challenge, Assert.Single((await site.Radius.AuthenticationAsync()).Packet.All(Attr.ChapChallenge)));
    }

    [Fact]
    public async Task A_challenge_expires_with_its_page()
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var phone = Phone(site);
        await phone.GetStringAsync("/", TestContext.Current.CancellationToken);

        site.Clock.Advance(site.Router.Options.ChapChallengeLifetime);

        Assert.StartsWith("web browser did not send", await ErrorAsync(phone, new string('a', 32)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_password_is_not_taken_where_only_chap_is_on()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.HotspotLoginBy = HotspotLoginMethods.HttpChap);
        using var phone = Phone(site);

        Assert.StartsWith("web browser did not send", await ErrorAsync(phone, "voucher1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_of_the_session_and_logging_out_ends_it_with_cause_1()
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var phone = Phone(site);
        await phone.GetStringAsync($"/?device={EmulatedSite.Mac}", TestContext.Current.CancellationToken);
        var session = (await site.LoginAsync()).Session!;

        Assert.Contains("voucher1", await phone.GetStringAsync("/status", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await phone.GetStringAsync("/logout", TestContext.Current.CancellationToken);

        Assert.Equal(TerminateCause.UserRequest, session.EndedBy);
    }

    [Fact]
    public async Task A_form_posted_without_the_cookie_is_from_the_phone_that_was_handed_over_last()
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var phone = Phone(site);
        using var portalForm = Phone(site);
        await phone.GetStringAsync($"/?device={EmulatedSite.Mac}", TestContext.Current.CancellationToken);

        using var form = new FormUrlEncodedContent([new("username", "voucher1"), new("password", "voucher1")]);
        using var response = await portalForm.PostAsync("/login", form, TestContext.Current.CancellationToken);

        Assert.Equal(EmulatedSite.Mac, Assert.Single(site.Router.Sessions).Mac);
    }

    [Fact]
    public async Task A_device_that_is_no_mac_address_is_refused()
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var phone = Phone(site);

        using var response = await phone.GetAsync("/?device=<script>", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(site.Router.Hosts);
    }

    private static HttpClient Phone(EmulatedSite site, bool followRedirects = true) => new(
        new SocketsHttpHandler { AllowAutoRedirect = followRedirects, CookieContainer = new CookieContainer() })
    {
        BaseAddress = new Uri(site.Router.HotspotUrl),
    };

    private static async Task<string> ErrorAsync(HttpClient phone, string password)
    {
        using var form = new FormUrlEncodedContent([new("username", "voucher1"), new("password", password)]);
        using var response = await phone.PostAsync("/login", form, TestContext.Current.CancellationToken);
        return Fields(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))["error"];
    }

    private static Dictionary<string, string> Fields(string page)
        => Regex.Matches(page, "name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .ToDictionary(field => field.Groups["name"].Value, field => WebUtility.HtmlDecode(field.Groups["value"].Value));

    private static byte[] Octal(string text)
        => [.. text.Split('\\', StringSplitOptions.RemoveEmptyEntries).Select(digits => Convert.ToByte(digits, 8))];
}
