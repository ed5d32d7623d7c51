using System.Diagnostics.Metrics;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.RadSec;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Radius.Tests.Protocol;
using EasyIsp.Radius.Tests.Worker;
using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Radius.Tests.RadSec;

/// <summary>RFC 6614 and RFC 6613; reference/radius.md, cases 69 and 70.</summary>
public sealed class RadSecTests(PostgresServer server) : IAsyncLifetime
{
    private Isp _isp = null!;
    private Guid _router;
    private IssuedCertificate _certificate = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenRadSecAsync(server);
        using var nas = await _isp.AddRouterAsync("127.0.2.1");
        _router = nas.Id;
        _certificate = await _isp.IssueCertificateAsync(_router);
        await _isp.AddSubscriberAsync("ali");
    }

    public ValueTask DisposeAsync() => _isp.DisposeAsync();

    [Fact]
    public async Task Logins_reports_and_whether_we_live_go_over_one_port_from_any_address()
    {
        await using var router = await RadSecRouter.ConnectAsync(_isp, _certificate);

        var login = await router.AskAsync(router.Packets.AccessRequest("ali", "hello123"));
        var start = await router.AskAsync(router.Packets.AccountingRequest(AcctStatusType.Start, new Traffic("ali", Class: login.Class)));
        var status = await router.AskAsync(router.Packets.StatusServer());
        var refused = await router.AskAsync(router.Packets.AccessRequest("ali", "wrong", Login.Hotspot with { IsSigned = false }));

        Assert.Equal(
            [PacketCode.AccessAccept, PacketCode.AccountingResponse, PacketCode.AccessAccept, PacketCode.AccessReject],
            [login.Code, start.Code, status.Code, refused.Code]);
        Assert.Equal($"{_router}|ali", await _isp.QueryAsync("router_id, user_name) from open_sessions --"));
    }

    [Fact]
    public async Task The_certificate_tells_whose_customers_are_asked_for()
    {
        var second = await _isp.World.FoundTenantAsync("kilima", "Kilima Net");
        using var theirs = await _isp.AddRouterAsync("127.0.2.1", tenantId: second);
        await _isp.AddSubscriberAsync("ali", "other456", tenantId: second);
        await using var ours = await RadSecRouter.ConnectAsync(_isp, _certificate);
        await using var router = await RadSecRouter.ConnectAsync(_isp, await _isp.IssueCertificateAsync(theirs.Id, second));

        Assert.Equal(PacketCode.AccessAccept, (await router.AskAsync(router.Packets.AccessRequest("ali", "other456"))).Code);
        Assert.Equal(PacketCode.AccessReject, (await router.AskAsync(router.Packets.AccessRequest("ali", "hello123"))).Code);
        Assert.Equal(PacketCode.AccessAccept, (await ours.AskAsync(ours.Packets.AccessRequest("ali", "hello123"))).Code);
    }

    [Fact]
    public async Task A_packet_may_come_in_any_pieces()
    {
        await using var router = await RadSecRouter.ConnectAsync(_isp, _certificate);
        var request = router.Packets.StatusServer();
        foreach (var piece in new[] { request[..1], request[1..3], request[3..4], request[4..21], request[21..] })
            await router.SendAsync(piece);
        await router.ReceiveAsync(request);

        foreach (var octet in request = router.Packets.AccessRequest("ali", "hello123"))
            await router.SendAsync(new[] { octet });

        Assert.Equal(PacketCode.AccessAccept, (await router.ReceiveAsync(request)).Code);
    }

    [Fact]
    public async Task Fifty_packets_in_one_record_get_fifty_answers_and_so_does_what_follows()
    {
        await using var router = await RadSecRouter.ConnectAsync(_isp, _certificate);
        var requests = Enumerable.Range(0, 50).Select(i => router.Packets.AccountingRequest(AcctStatusType.Start, new Traffic("ali", SessionId: $"s{i}"))).ToArray();

        await router.SendAsync(requests.SelectMany(request => request).ToArray());
        var answered = new HashSet<byte>();
        for (var i = 0; i < requests.Length; i++)
            answered.Add((await router.ReceiveAsync())[1]);

        Assert.Equal(requests.Select(request => request[1]).Order(), answered.Order());
        Assert.Equal(PacketCode.AccessAccept, (await router.AskAsync(router.Packets.AccessRequest("ali", "hello123"))).Code);
        Assert.Equal("50", await _isp.QueryAsync("count(*)) from open_sessions --"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(4097)]
    public async Task A_length_that_cannot_be_ends_the_connection(int length)
    {
        await using var router = await RadSecRouter.ConnectAsync(_isp, _certificate);
        var request = router.Packets.StatusServer();
        (request[2], request[3]) = ((byte)(length >> 8), (byte)length);

        await router.SendAsync(request);

        await router.IsClosedAsync();
    }

    [Fact]
    public async Task So_do_bad_attributes_and_a_wrong_proof()
    {
        await using var overrun = await RadSecRouter.ConnectAsync(_isp, _certificate);
        await using var forged = await RadSecRouter.ConnectAsync(_isp, _certificate);
        await using var unproved = await RadSecRouter.ConnectAsync(_isp, _certificate);
        var bad = overrun.Packets.AccessRequest("ali", "hello123");
        bad[RadiusPacket.HeaderSize + 1] = 255;
        var wrong = forged.Packets.AccountingRequest(AcctStatusType.Start, new Traffic("ali"));
        wrong[^1] ^= 1;
        var unsigned = unproved.Packets.AccessRequest("ali", "hello123");
        unsigned[^1] ^= 1;

        await overrun.SendAsync(bad);
        await forged.SendAsync(wrong);
        await unproved.SendAsync(unsigned);

        await overrun.IsClosedAsync();
        await forged.IsClosedAsync();
        await unproved.IsClosedAsync();
    }

    [Fact]
    public async Task A_code_that_is_nobodys_is_passed_over()
    {
        await using var router = await RadSecRouter.ConnectAsync(_isp, _certificate);

        await router.SendAsync(Wire.Packet((PacketCode)99));
        await router.SendAsync(Wire.Packet(PacketCode.CoaRequest));

        Assert.Equal(PacketCode.AccessAccept, (await router.AskAsync(router.Packets.StatusServer())).Code);
    }

    [Fact]
    public async Task Nothing_is_idle_too_long_unless_a_setting_says_so()
    {
        await using var router = await RadSecRouter.ConnectAsync(_isp, _certificate);
        await router.AskAsync(router.Packets.StatusServer());
        _isp.World.Clock.Advance(TimeSpan.FromHours(12));

        Assert.Equal(PacketCode.AccessAccept, (await router.AskAsync(router.Packets.StatusServer())).Code);
    }

    [Fact]
    public async Task More_than_may_be_in_work_at_once_waits_in_the_stream()
    {
        await using var isp = await Isp.OpenRadSecAsync(server, options => options.MaxOutstanding = 2);
        using var nas = await isp.AddRouterAsync("127.0.2.1");
        await using var router = await RadSecRouter.ConnectAsync(isp, await isp.IssueCertificateAsync(nas.Id));
        var requests = Enumerable.Range(0, 40).Select(i => router.Packets.AccountingRequest(AcctStatusType.Start, new Traffic("ali", SessionId: $"s{i}"))).ToArray();

        await router.SendAsync(requests.SelectMany(request => request).ToArray());

        foreach (var _ in requests)
            Assert.Equal(PacketCode.AccountingResponse, (PacketCode)(await router.ReceiveAsync())[0]);
    }

    [Fact]
    public async Task With_an_idle_time_out_watching_keeps_a_connection_open()
    {
        await using var isp = await Isp.OpenRadSecAsync(server, options => options.IdleTimeout = TimeSpan.FromSeconds(30));
        using var nas = await isp.AddRouterAsync("127.0.2.1");
        await using var router = await RadSecRouter.ConnectAsync(isp, await isp.IssueCertificateAsync(nas.Id));
        var lessThanWritingMayTake = RadSecConnection.WritePatience * 2 / 3;
        for (var i = 0; i < 3; i++)
        {
            await router.AskAsync(router.Packets.StatusServer());
            isp.World.Clock.Advance(lessThanWritingMayTake);
        }

        await router.AskAsync(router.Packets.StatusServer());
        await Isp.EventuallyAsync(() =>
        {
            isp.World.Clock.Advance(TimeSpan.FromSeconds(31));
            return Task.FromResult(isp.Worker<RadSecPort>().ConnectionCount == 0);
        });
        await router.IsClosedAsync();
    }

    [Fact]
    public async Task A_reply_whose_connection_is_gone_goes_nowhere()
    {
        using var counts = new RadiusCounts(_isp.Worker<IMeterFactory>());
        await using var second = await RadSecRouter.ConnectAsync(_isp, _certificate);
        await using (var connection = await _isp.Worker<PlatformDataSource>().Value.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using (var hold = new NpgsqlCommand("lock table open_sessions in exclusive mode", connection))
                await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await using (var first = await RadSecRouter.ConnectAsync(_isp, _certificate))
            {
                await first.SendAsync(first.Packets.AccountingRequest(AcctStatusType.Start, new Traffic("ali")));
                await counts.UntilAsync("radius.requests", "accounting_request", 1, TestContext.Current.CancellationToken);
            }

            await Isp.EventuallyAsync(() => Task.FromResult(_isp.Worker<RadSecPort>().ConnectionCount == 1));
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        await counts.UntilAsync("radius.drops", "not_sent", 1, TestContext.Current.CancellationToken);
        var request = second.Packets.StatusServer();
        Assert.Equal(request[1], (await second.AskAsync(request)).Octets[1]);
    }
}
