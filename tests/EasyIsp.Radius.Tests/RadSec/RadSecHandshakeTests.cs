using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.RadSec;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Radius.Tests.Worker;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Radius.Tests.RadSec;

/// <summary>Who is let in (RFC 6614 section 2.3); reference/radius.md, cases 68 and 77.</summary>
public sealed class RadSecHandshakeTests(PostgresServer server) : IAsyncLifetime
{
    private Isp _isp = null!;
    private TestNas _nas = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenRadSecAsync(server);
        _nas = await _isp.AddRouterAsync("127.0.2.1");
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_certificate_or_with_somebody_elses_nobody_gets_in()
    {
        using var key = RSA.Create(2048);
        using var foreign = new CertificateRequest($"CN={_nas.Id}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(_isp.World.Clock.GetUtcNow().AddDays(-1), _isp.World.Clock.GetUtcNow().AddDays(1));
        using var ours = _isp.World.Services.GetRequiredService<CertificateAuthority>().IssueForServer(["radius.test"], TimeSpan.FromDays(1));

        await IsRefusedAsync("no_certificate", certificate: null);
        await IsRefusedAsync("untrusted", foreign);
        await IsRefusedAsync("wrong_purpose", ours);
    }

    [Fact]
    public async Task A_certificate_of_ours_that_names_no_router_in_service_is_none()
    {
        using var other = _isp.World.Services.GetRequiredService<CertificateAuthority>().IssueForRouter(_isp.World.TenantId, _nas.Id, TimeSpan.FromDays(1));
        var issued = await _isp.IssueCertificateAsync(_nas.Id);
        await _isp.ChangeRouterAsync(_nas.Id, router => router.Archive(_isp.World.Clock.GetUtcNow()));

        await IsRefusedAsync("unknown_router", other);
        await IsRefusedAsync("unknown_router", RadSecRouter.Open(issued));
    }

    [Fact]
    public async Task When_its_time_is_over_it_is_refused_and_its_connection_ends()
    {
        using var issued = _isp.World.Services.GetRequiredService<CertificateAuthority>().IssueForRouter(_isp.World.TenantId, _nas.Id, TimeSpan.FromHours(1));
        await _isp.ReloadedAsync(() => _isp.World.WriteAsync(async db =>
        {
            var known = await db.Routers.SingleAsync(TestContext.Current.CancellationToken);
            return db.RouterCertificates.Add(RouterCertificate.Note(known, issued, _isp.World.Clock.GetUtcNow()));
        }));
        await using var router = await RadSecRouter.ConnectAsync(_isp, issued);
        await router.AskAsync(router.Packets.StatusServer());
        _isp.World.Clock.Advance(TimeSpan.FromHours(1));

        await router.SendAsync(router.Packets.StatusServer());

        await router.IsClosedAsync();
        await IsRefusedAsync("expired", issued);
    }

    [Fact]
    public async Task A_revoked_one_is_refused_and_its_idle_connection_ends_within_a_second()
    {
        var stolen = await _isp.IssueCertificateAsync(_nas.Id);
        var good = await _isp.IssueCertificateAsync(_nas.Id);
        await using var thief = await RadSecRouter.ConnectAsync(_isp, stolen);
        await using var router = await RadSecRouter.ConnectAsync(_isp, good);
        await thief.AskAsync(thief.Packets.StatusServer());
        var id = (await _isp.World.AsTenantAsync<RadSecDesk, IReadOnlyList<CertificateRow>>(desk => desk.ListAsync(_nas.Id, TestContext.Current.CancellationToken)))
            .Single(row => row.SerialNumber == stolen.SerialNumber).Id;
        var started = TimeProvider.System.GetTimestamp();

        await _isp.World.AsTenantAsync<RadSecDesk, bool>(desk => desk.RevokeAsync(id, TestContext.Current.CancellationToken));

        await thief.IsClosedAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await IsRefusedAsync("unknown_router", RadSecRouter.Open(stolen));
        Assert.Equal(PacketCode.AccessAccept, (await router.AskAsync(router.Packets.StatusServer())).Code);
    }

    [Fact]
    public async Task Older_than_TLS_1_2_is_refused()
    {
#pragma warning disable SYSLIB0039, CA5397 // that it is old is the point
        await IsRefusedAsync("protocol", RadSecRouter.Open(await _isp.IssueCertificateAsync(_nas.Id)), SslProtocols.Tls11);
#pragma warning restore SYSLIB0039, CA5397
    }

    [Fact]
    public async Task The_servers_certificate_is_renewed_while_connections_run()
    {
        await using var isp = await Isp.OpenRadSecAsync(server, options => options.CertificateLifetime = TimeSpan.FromHours(1));
        using var nas = await isp.AddRouterAsync("127.0.2.1");
        var issued = await isp.IssueCertificateAsync(nas.Id);
        await using var before = await RadSecRouter.ConnectAsync(isp, issued);
        await Isp.EventuallyAsync(() => Task.FromResult(isp.Worker<RadSecPort>().ConnectionCount == 1)); // the handshake has a clock too
        var first = before.ServerCertificate.SerialNumber;
        var context = isp.Worker<ServerCertificate>().Context;

        await Isp.EventuallyAsync(() =>
        {
            isp.World.Clock.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(isp.Worker<ServerCertificate>().Context != context);
        });

        await using var after = await RadSecRouter.ConnectAsync(isp, issued);
        Assert.NotEqual(first, after.ServerCertificate.SerialNumber);
        Assert.True(after.ServerCertificate.NotAfter > before.ServerCertificate.NotAfter);
        Assert.Equal(PacketCode.AccessAccept, (await before.AskAsync(before.Packets.StatusServer())).Code);
    }

    [Fact]
    public async Task Who_does_not_finish_his_handshake_holds_up_nobody_and_is_let_go()
    {
        await using var isp = await Isp.OpenRadSecAsync(server, options => (options.MaxHandshakes, options.MaxHandshakesFromOneAddress) = (4, 3));
        using var nas = await isp.AddRouterAsync("127.0.2.1");
        var issued = await isp.IssueCertificateAsync(nas.Id);
        using var counts = new RadiusCounts(isp.Worker<IMeterFactory>());
        using var slow = await DialAsync(isp);
        using var slower = await DialAsync(isp);
        await using (var router = await RadSecRouter.ConnectAsync(isp, issued))
            Assert.Equal(PacketCode.AccessAccept, (await router.AskAsync(router.Packets.StatusServer())).Code);

        using var third = await DialAsync(isp);
        using var tooMany = await DialAsync(isp);
        Assert.Equal(0, await tooMany.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        await Isp.EventuallyAsync(() => Task.FromResult(counts.Of("radius.radsec.failures", "too_many") == 1));
        await Isp.EventuallyAsync(() =>
        {
            isp.World.Clock.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(counts.Of("radius.radsec.failures", "timeout") == 3);
        });

        await using var again = await RadSecRouter.ConnectAsync(isp, issued);
    }

    private static async Task<Socket> DialAsync(Isp isp)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(isp.RadSec, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>In TLS 1.3 the client learns of it with its first reading.</summary>
    private async Task IsRefusedAsync(
        string reason, X509Certificate2? certificate, SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        using var counts = new RadiusCounts(_isp.Worker<IMeterFactory>());
        try
        {
            await using var router = await RadSecRouter.ConnectAsync(_isp, certificate, protocols);
            await router.IsClosedAsync();
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // Refused during the handshake.
        }

        await Isp.EventuallyAsync(() => Task.FromResult(counts.Of("radius.radsec.failures", reason) >= 1));
    }
}
