using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class UnknownSourcesTests(PostgresServer server) : IAsyncLifetime
{
    private const string Kept = "host(address), nas_identifier, login_packets, accounting_packets) from unknown_routers order by address --";

    private Isp _isp = null!;

    public async ValueTask InitializeAsync() => _isp = await Isp.OpenAsync(server);

    public ValueTask DisposeAsync() => _isp.DisposeAsync();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private UnknownSources Sources => _isp.Worker<UnknownSources>();

    [Fact]
    public async Task A_stranger_gets_no_answer_is_shown_and_is_answered_once_he_is_added()
    {
        await _isp.AddSubscriberAsync("ali");
        using (var stranger = new TestNas(_isp.Auth, _isp.Acct, Guid.Empty, "127.0.1.9", Isp.Secret))
        {
            await stranger.SendAsync(stranger.AccessRequest("ali", "hello123"));
            await stranger.SendAsync(stranger.AccessRequest("ali", "hello123"));
            await stranger.SendAsync(stranger.AccountingRequest(AcctStatusType.Start, new Traffic("ali")));
            await WrittenAsync("127.0.1.9|2|1");
        }

        using var nas = await _isp.AddRouterAsync("127.0.1.9");

        Assert.Equal(PacketCode.AccessAccept, (await nas.LoginAsync("ali", "hello123")).Code);
        Assert.Empty(await _isp.World.StrangersAsync());
    }

    [Fact]
    public async Task It_is_written_by_the_clock_and_in_one_row_an_address()
    {
        for (var round = 0; round < 3; round++)
        {
            Note("10.9.0.1", "Market mast");
            Note("2001:db8::1", null);
            _isp.World.Clock.Advance(UnknownSources.Interval);
            var count = round + 1;
            await Isp.EventuallyAsync(async () => await _isp.QueryAsync(Kept) == $"10.9.0.1|Market mast|{count}|0;2001:db8::1|{count}|0");
        }
    }

    [Fact]
    public async Task What_several_workers_have_seen_adds_up()
    {
        using var second = AnotherWorker();
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 200; i++)
            {
                Note($"10.9.0.{i}", null);
                second.Note(Peer($"10.9.0.{i}"), ListenerRole.Accounting, Request(Identified("Second")));
            }

            await Task.WhenAll(Sources.FlushAsync(CancellationToken), second.FlushAsync(CancellationToken));
        }

        Assert.Equal("200|1000|1000|200", await _isp.QueryAsync(
            "count(*), sum(login_packets), sum(accounting_packets), count(*) filter (where nas_identifier = 'Second')) from unknown_routers --"));
    }

    [Fact]
    public async Task While_the_database_is_away_it_is_kept_and_written_later()
    {
        Note("10.9.0.1", "Market mast");
        await using (await Outage.BeginAsync(_isp.World.Database))
        {
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => Sources.FlushAsync(CancellationToken));
            Note("10.9.0.1", null);
            Note("10.9.0.2", null);
        }

        NpgsqlConnection.ClearAllPools();
        await Sources.FlushAsync(CancellationToken);

        Assert.Equal("10.9.0.1|Market mast|2|0;10.9.0.2|1|0", await _isp.QueryAsync(Kept));
    }

    [Fact]
    public async Task A_flood_of_made_up_addresses_fills_neither_memory_nor_table_nor_drives_out_who_repeats_himself()
    {
        for (var i = 0; i < 20; i++)
            Note("10.9.0.1", "Market mast");
        await Sources.FlushAsync(CancellationToken);

        for (var wave = 0; wave < 5; wave++)
        {
            for (var i = 0; i < 3 * UnknownSources.Capacity; i++)
                Note(new IPAddress([10, (byte)(100 + wave), (byte)(i >> 8), (byte)i]).ToString(), null);
            await Sources.FlushAsync(CancellationToken);
        }

        var kept = await _isp.World.StrangersAsync();
        Assert.Equal(UnknownRouter.Capacity, kept.Count);
        Assert.Contains("10.9.0.1", kept);
    }

    [Fact]
    public async Task Whoever_was_added_meanwhile_is_not_written_back()
    {
        Note("10.9.0.1", null);
        await _isp.World.RouterAsync(address: "10.9.0.1");

        await Sources.FlushAsync(CancellationToken);

        Assert.Empty(await _isp.World.StrangersAsync());
    }

    [Fact]
    public async Task A_name_that_cannot_be_shown_is_none_and_a_long_one_is_cut()
    {
        Note("10.9.0.1", "evil\u202Egnp.exe");
        Note("10.9.0.2", "a\0b");
        Note("10.9.0.3", new string('x', 253));
        Note("10.9.0.4", "<script>alert(1)</script>");

        await Sources.FlushAsync(CancellationToken);

        Assert.Equal(
            $"10.9.0.1|1|0;10.9.0.2|1|0;10.9.0.3|{new string('x', UnknownRouter.MaxNasIdentifierLength)}|1|0;10.9.0.4|<script>alert(1)</script>|1|0",
            await _isp.QueryAsync(Kept));
    }

    private UnknownSources AnotherWorker() => new(
        _isp.Worker<RadiusMetrics>(), _isp.Worker<PlatformDataSource>(), _isp.World.Clock, NullLogger<UnknownSources>.Instance);

    private void Note(string address, string? name) => Sources.Note(Peer(address), ListenerRole.Authentication, Request(Identified(name)));

    private static PeerEndpoint Peer(string address) => PeerEndpoint.From(new IPEndPoint(IPAddress.Parse(address), 50000));

    private static RadiusPacket Request(byte[] octets)
        => RadiusPacket.TryRead(octets, out var request, out _) ? request : throw new InvalidOperationException("The packet is malformed.");

    private static byte[] Identified(string? name)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var request = PacketWriter.DigestedRequest(buffer, PacketCode.AccountingRequest, identifier: 1);
        if (name is not null)
            request.AddText(AttributeType.NasIdentifier, name);
        return request.Sign(new SharedSecret("of-a-stranger")).ToArray();
    }

    private async Task WrittenAsync(string row) => await Isp.EventuallyAsync(async () =>
    {
        await Sources.FlushAsync(CancellationToken);
        return await _isp.QueryAsync(Kept) == row;
    });
}
