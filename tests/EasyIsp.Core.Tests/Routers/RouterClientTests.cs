using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Routers.RouterOs;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Routers.Radius;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

public sealed class RouterClientTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_waiting_phone_is_signed_in_from_our_side_and_shows_among_the_active()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.Grant = accept => accept.Number(Attr.SessionTimeout, 3600);
        var host = site.Router.AddHost(EmulatedSite.Mac);
        await using var client = await site.ConnectAsync();

        await client.LoginHotspotAsync(host.Address.ToString(), "bc-24-11-eb-56-4d", "voucher1", "secret", Cancelled);
        site.Clock.Advance(TimeSpan.FromMinutes(10));
        site.Router.GenerateTraffic(host.Session!, bytesUp: 5, bytesDown: 7_000_000_000);

        var user = Assert.Single(await client.HotspotActiveAsync(Cancelled));
        Assert.Equal(("voucher1", host.Address.ToString(), EmulatedSite.Mac), (user.User, user.Address, user.Mac));
        Assert.Equal((5, 7_000_000_000), (user.BytesIn, user.BytesOut));
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(50)), (user.Uptime, user.TimeLeft));
        Assert.True(user.IsRadius);
    }

    [Fact]
    public async Task Hosts_tell_whether_a_device_is_really_there()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var there = site.Router.AddHost(EmulatedSite.Mac);
        site.Router.AddHost("02:00:00:00:00:01");
        await using var client = await site.ConnectAsync();

        var found = Assert.Single(await client.HotspotHostsAsync(EmulatedSite.Mac.ToLowerInvariant(), Cancelled));

        Assert.Equal((there.Address.ToString(), false), (found.Address, found.IsAuthorized));
        Assert.Equal(2, (await client.HotspotHostsAsync(null, Cancelled)).Count);
        Assert.Empty(await client.HotspotHostsAsync("02:00:00:00:00:99", Cancelled));
    }

    [Fact]
    public async Task A_pppoe_customer_is_listed_and_removed_and_the_second_removal_says_gone()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var session = (await site.DialAsync()).Session!;
        site.Router.GenerateTraffic(session, bytesUp: 3, bytesDown: 9);
        await using var client = await site.ConnectAsync();

        var user = Assert.Single(await client.PppActiveAsync(Cancelled));

        Assert.Equal(("0712345678", "pppoe", 3L, 9L), (user.User, user.Service, user.BytesIn, user.BytesOut));
        Assert.True(await client.RemovePppActiveAsync(user.Id, Cancelled));
        Assert.Equal(TerminateCause.AdminReset, session.EndedBy);
        Assert.False(await client.RemovePppActiveAsync(user.Id, Cancelled));
    }

    [Fact]
    public async Task A_refusal_by_radius_comes_back_as_its_text_and_the_connection_goes_on()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.RejectWith = "Package expired";
        var host = site.Router.AddHost(EmulatedSite.Mac);
        await using var client = await site.ConnectAsync();

        var refusal = await Assert.ThrowsAsync<RouterOsException>(
            () => client.LoginHotspotAsync(host.Address.ToString(), host.Mac, "voucher1", "x", Cancelled));

        Assert.Equal((RouterOsFailure.Refused, "Package expired"), (refusal.Failure, refusal.Message));
        Assert.Empty(await client.HotspotActiveAsync(Cancelled));
    }

    [Fact]
    public async Task Where_the_router_does_not_wait_for_radius_a_refusal_shows_only_in_the_list()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.ApiLoginWaitsForRadius = false);
        site.Radius.RejectWith = "Package expired";
        var host = site.Router.AddHost(EmulatedSite.Mac);
        await using var client = await site.ConnectAsync();

        await client.LoginHotspotAsync(host.Address.ToString(), host.Mac, "voucher1", "x", Cancelled);

        await site.Radius.AuthenticationAsync();
        Assert.Empty(await client.HotspotActiveAsync(Cancelled));
    }

    [Theory]
    [InlineData("10.5.88.99", EmulatedSite.Mac, "unknown host IP")]
    [InlineData("10.5.88.10", "02:00:00:00:00:99", "wrong MAC provided")]
    [InlineData("home", EmulatedSite.Mac, "invalid value for argument ip")]
    public async Task A_device_that_is_not_there_is_not_signed_in(string ip, string mac, string text)
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Router.AddHost(EmulatedSite.Mac);
        await using var client = await site.ConnectAsync();

        var refusal = await Assert.ThrowsAsync<RouterOsException>(() => client.LoginHotspotAsync(ip, mac, "u", "p", Cancelled));

        Assert.StartsWith(text, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7.14")]
    [InlineData("7.20")]
    public async Task An_empty_list_is_empty_with_and_without_the_empty_reply(string version)
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.Version = RouterOsVersion.Parse(version));
        await using var client = await site.ConnectAsync();

        Assert.Empty(await client.HotspotActiveAsync(Cancelled));
    }

    [Fact]
    public async Task Many_commands_share_one_connection()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Router.AddHost(EmulatedSite.Mac);
        await using var client = await site.ConnectAsync();

        var lists = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.HotspotHostsAsync(null, Cancelled)));

        Assert.All(lists, list => Assert.Single(list));
    }

    [Fact]
    public async Task A_wrong_password_and_a_user_without_the_api_policy_are_refused_alike()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.ApiPolicies.Remove("api"));

        foreach (var endpoint in new[] { site.Endpoint, site.Endpoint with { Password = "wrong" } })
        {
            var refusal = await Assert.ThrowsAsync<RouterOsException>(() => Connector().ConnectAsync(endpoint, Cancelled));
            Assert.Equal((RouterOsFailure.SignInRefused, "invalid user name or password (6)"), (refusal.Failure, refusal.Message));
        }
    }

    [Fact]
    public async Task A_user_without_the_write_policy_may_look_but_not_remove()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.ApiPolicies.Remove("write"));
        await using var client = await site.ConnectAsync();

        Assert.Empty(await client.PppActiveAsync(Cancelled));
        var refusal = await Assert.ThrowsAsync<RouterOsException>(() => client.RemovePppActiveAsync("*1", Cancelled));
        Assert.Equal("not enough permissions (9)", refusal.Message);
    }

    [Fact]
    public async Task The_md5_sign_in_of_old_routers_is_done_only_where_it_is_allowed()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.Version = new RouterOsVersion(6, 42));

        var refusal = await Assert.ThrowsAsync<RouterOsException>(() => Connector().ConnectAsync(site.Endpoint, Cancelled));
        Assert.Equal(RouterOsFailure.SignInRefused, refusal.Failure);

        await using var client = await Connector().ConnectAsync(site.Endpoint with { AllowLegacyLogin = true }, Cancelled);
        Assert.Empty(await client.HotspotActiveAsync(Cancelled));
    }

    [Fact]
    public async Task Tls_is_spoken_with_the_pinned_certificate_and_with_no_other()
    {
        using var certificate = SelfSigned();
        await using var site = await EmulatedSite.OpenAsync(o => o.ApiCertificate = certificate);
        var pinned = site.Endpoint with { TlsFingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256) };

        await using var client = await Connector().ConnectAsync(pinned, Cancelled);
        Assert.Empty(await client.HotspotActiveAsync(Cancelled));

        var refusal = await Assert.ThrowsAsync<RouterOsException>(
            () => Connector().ConnectAsync(pinned with { TlsFingerprint = new string('0', 64) }, Cancelled));
        Assert.Equal(RouterOsFailure.Unreachable, refusal.Failure);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var endpoint = new RouterEndpoint("127.0.0.1", "u", "p") { Port = ((IPEndPoint)taken.LocalEndPoint!).Port };

        var refusal = await Assert.ThrowsAsync<RouterOsException>(() => Connector().ConnectAsync(endpoint, Cancelled));

        Assert.Equal(RouterOsFailure.Unreachable, refusal.Failure);
    }

    [Fact]
    public async Task A_silent_router_is_given_up_after_the_time_limit_by_everybody_on_the_connection()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Router.Faults.ApiDelay = TimeSpan.FromHours(1);
        await using var client = await Connector(TimeSpan.FromMilliseconds(300)).ConnectAsync(site.Endpoint, Cancelled);

        var lost = await Assert.ThrowsAsync<RouterOsException>(() => client.HotspotActiveAsync(Cancelled));

        Assert.Equal(RouterOsFailure.ConnectionLost, lost.Failure);
        await Assert.ThrowsAsync<RouterOsException>(() => client.PppActiveAsync(Cancelled));
    }

    [Fact]
    public async Task A_cancelled_command_stops_on_the_router_and_leaves_the_connection_usable()
    {
        await using var site = await EmulatedSite.OpenAsync();
        await using var client = await site.ConnectAsync();
        site.Router.Faults.ApiDelay = TimeSpan.FromHours(1);
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        var slow = client.HotspotActiveAsync(impatience.Token);
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        site.Router.Faults.ApiDelay = TimeSpan.Zero;
        Assert.Empty(await client.PppActiveAsync(Cancelled));
    }

    [Fact]
    public async Task A_router_that_goes_away_fails_the_command_that_waits()
    {
        var site = await EmulatedSite.OpenAsync();
        await using var client = await site.ConnectAsync();
        site.Router.Faults.ApiDelay = TimeSpan.FromHours(1);

        var waiting = client.HotspotActiveAsync(Cancelled);
        await site.DisposeAsync();

        var lost = await Assert.ThrowsAsync<RouterOsException>(() => waiting);
        Assert.Equal(RouterOsFailure.ConnectionLost, lost.Failure);
    }

    private static RouterConnector Connector(TimeSpan? timeout = null)
        => new(TimeProvider.System) { ReplyTimeout = timeout ?? TimeSpan.FromSeconds(10) };

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=router", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
