using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>What a router is known by: reference/radius.md, cases 13 to 15.</summary>
public sealed class NasIdentityTests(PostgresServer server) : IAsyncLifetime
{
    private Isp _isp = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { SimultaneousSessions = 5 });
    }

    public ValueTask DisposeAsync() => _isp.DisposeAsync();

    [Fact]
    public async Task A_router_asks_from_its_own_address_its_tunnel_and_its_ranges()
    {
        using var nas = await _isp.AddRouterAsync("127.0.3.1");
        using var tunnel = new TestNas(_isp, nas.Id, "127.0.4.1", Isp.Secret);
        using var range = new TestNas(_isp, nas.Id, "127.0.5.77", Isp.Secret);
        await SendFromAsync(nas.Id, "127.0.4.1", "127.0.5.0/24");

        TestNas[] sources = [nas, tunnel, range];
        foreach (var source in sources)
        {
            Assert.Equal(PacketCode.AccessAccept, (await source.LoginAsync("ali", "hello123")).Code);
            await source.ReportAsync(AcctStatusType.Start, new Traffic("ali", SessionId: $"s{Array.IndexOf(sources, source)}"));
        }

        Assert.Equal($"3|{nas.Id}", await _isp.QueryAsync("count(*), min(router_id::text)) from open_sessions --"));
    }

    [Fact]
    public async Task Orders_go_to_the_tunnel_where_there_is_one()
    {
        using var nas = await _isp.AddRouterAsync("127.0.3.1");
        Assert.Equal("127.0.3.1:3799", Known(nas).CoaEndpoint.ToString());

        await SendFromAsync(nas.Id, "127.0.4.1", null);

        Assert.Equal("127.0.4.1:3799", Known(nas).CoaEndpoint.ToString());
    }

    [Fact]
    public async Task Nested_ranges_have_secrets_of_their_own()
    {
        using var town = await _isp.AddRouterAsync("127.0.3.1", "secret-of-the-town");
        using var street = await _isp.AddRouterAsync("127.0.3.2", "secret-of-the-street");
        await SendFromAsync(town.Id, null, "127.0.16.0/20");
        await SendFromAsync(street.Id, null, "127.0.17.0/24");
        using var inTown = new TestNas(_isp, town.Id, "127.0.18.1", "secret-of-the-town");
        using var inStreet = new TestNas(_isp, street.Id, "127.0.17.1", "secret-of-the-street");
        using var stranger = new TestNas(_isp, town.Id, "127.0.17.1", "secret-of-the-town");

        Assert.Equal(PacketCode.AccessAccept, (await inTown.LoginAsync("ali", "hello123")).Code);
        await stranger.SendAsync(stranger.AccessRequest("ali", "hello123"));
        Assert.Equal(PacketCode.AccessAccept, (await inStreet.LoginAsync("ali", "hello123")).Code);
        Assert.Null(stranger.TryReceive());
    }

    [Fact]
    public async Task In_a_range_of_two_providers_the_secret_tells_and_logins_must_be_signed()
    {
        var second = await _isp.World.FoundTenantAsync("kilima", "Kilima Net");
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { UploadKbps = 1000 }, tenantId: second);
        using var ours = await _isp.AddRouterAsync("127.0.3.1", "secret-of-savanna");
        using var theirs = await _isp.AddRouterAsync("127.0.3.2", "secret-of-kilima", tenantId: second);
        await SendFromAsync(ours.Id, null, "127.0.16.0/20");
        await SendFromAsync(theirs.Id, null, "127.0.17.5", second);
        using var fromUs = new TestNas(_isp, ours.Id, "127.0.17.5", "secret-of-savanna");
        using var fromThem = new TestNas(_isp, theirs.Id, "127.0.17.5", "secret-of-kilima");

        Assert.Equal("2000k/5000k", (await fromUs.LoginAsync("ali", "hello123")).RateLimit);
        Assert.Equal("1000k/5000k", (await fromThem.LoginAsync("ali", "hello123")).RateLimit);
        var unsigned = fromUs.AccessRequest("ali", "hello123", Login.Hotspot with { IsSigned = false });
        Assert.Equal("2000k/5000k", (await fromUs.AskAfterSilenceAsync(unsigned, fromUs.AccessRequest("ali", "hello123"))).RateLimit);
    }

    [Fact]
    public async Task What_is_added_or_changed_holds_within_a_second()
    {
        using var nas = await _isp.AddRouterAsync("127.0.3.1");
        var started = TimeProvider.System.GetTimestamp();
        await _isp.ChangeRouterAsync(nas.Id, router => router.Change(router.Name, IPAddress.Parse("127.0.3.9"), 3799, MessageAuthenticatorRule.Auto));
        using var moved = new TestNas(_isp, nas.Id, "127.0.3.9", Isp.Secret);

        Assert.Equal(PacketCode.AccessAccept, (await moved.LoginAsync("ali", "hello123")).Code);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await nas.SendAsync(nas.AccessRequest("ali", "hello123"));
        await moved.LoginAsync("ali", "hello123");
        Assert.Null(nas.TryReceive());
    }

    [Fact]
    public async Task Who_asks_too_often_whether_we_live_is_not_answered_till_the_next_second()
    {
        using var nas = await _isp.AddRouterAsync("127.0.3.1");
        using var other = await _isp.AddRouterAsync("127.0.3.2");
        for (var i = 0; i < 10; i++)
            await nas.AskAsync(nas.StatusServer());

        await nas.SendAsync(nas.StatusServer());
        await other.AskAsync(other.StatusServer());
        Assert.Equal(PacketCode.AccessAccept, (await nas.LoginAsync("ali", "hello123")).Code);
        _isp.World.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PacketCode.AccessAccept, (await nas.AskAsync(nas.StatusServer())).Code);
    }

    private Nas Known(TestNas nas) => _isp.Worker<NasDirectory>().Find(_isp.World.TenantId, nas.Id)!;

    private Task SendFromAsync(Guid routerId, string? tunnel, string? networks, Guid? tenantId = null) => _isp.ChangeRouterAsync(
        routerId,
        router => router.SendFrom(
            tunnel is null ? null : IPAddress.Parse(tunnel),
            networks is null ? [] : [IPNetwork.Parse(networks.Contains('/', StringComparison.Ordinal) ? networks : $"{networks}/32")]),
        tenantId);
}
