using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class NasTests(PostgresServer server) : IAsyncLifetime
{
    private Isp _isp = null!;

    public async ValueTask InitializeAsync() => _isp = await Isp.OpenAsync(server);

    public ValueTask DisposeAsync() => _isp.DisposeAsync();

    [Fact]
    public async Task Of_two_providers_at_one_address_the_secret_tells_whose_router_asks()
    {
        var second = await _isp.World.FoundTenantAsync("kilima", "Kilima Net");
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { UploadKbps = 1000 });
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { UploadKbps = 2000 }, tenantId: second);
        using var ours = await _isp.AddRouterAsync("127.0.1.7", "secret-of-savanna");
        using var theirs = await _isp.AddRouterAsync("127.0.1.7", "secret-of-kilima", tenantId: second);

        Assert.Equal("1000k/5000k", (await ours.LoginAsync("ali", "hello123")).RateLimit);
        Assert.Equal("2000k/5000k", (await theirs.LoginAsync("ali", "hello123")).RateLimit);
        await theirs.ReportAsync(AcctStatusType.Start, new Traffic("ali"));
        Assert.Equal(second.ToString(), await _isp.QueryAsync("tenant_id) from open_sessions --"));

        var unsigned = ours.AccessRequest("ali", "hello123", Login.Hotspot with { IsSigned = false });
        Assert.Equal("1000k/5000k", (await ours.AskAfterSilenceAsync(unsigned, ours.AccessRequest("ali", "hello123"))).RateLimit);
    }

    [Fact]
    public async Task What_a_packet_says_of_its_router_counts_for_nothing()
    {
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { SimultaneousSessions = 2 });
        using var one = await _isp.AddRouterAsync("127.0.1.1", "secret-of-one");
        using var two = await _isp.AddRouterAsync("127.0.1.2", "secret-of-two");
        var asTwo = Login.Hotspot with { NasAddress = "127.0.1.2" };

        Assert.Equal(PacketCode.AccessAccept, (await one.LoginAsync("ali", "hello123", asTwo)).Code);
        Assert.Equal(PacketCode.AccessAccept, (await two.LoginAsync("ali", "hello123", Login.Hotspot with { NasAddress = "127.0.1.1" })).Code);
    }

    [Fact]
    public async Task A_router_that_has_signed_once_must_sign_for_ever()
    {
        await _isp.AddSubscriberAsync("ali");
        using var nas = await _isp.AddRouterAsync();
        var unsigned = Login.Hotspot with { IsSigned = false };
        Assert.Equal(PacketCode.AccessAccept, (await nas.LoginAsync("ali", "hello123", unsigned)).Code);
        Assert.Equal(PacketCode.AccessAccept, (await nas.LoginAsync("ali", "hello123")).Code);

        await _isp.Worker<NasHeartbeat>().FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal("t|t", await _isp.QueryAsync("last_heard_at is not null, sent_message_authenticator_at is not null) from routers --"));
        Assert.Equal(
            PacketCode.AccessAccept,
            (await nas.AskAfterSilenceAsync(nas.AccessRequest("ali", "hello123", unsigned), nas.AccessRequest("ali", "hello123"))).Code);
    }

    [Fact]
    public async Task Proxy_state_comes_back_in_order_and_unsigned_only_to_a_proxy_that_is_trusted()
    {
        await _isp.AddSubscriberAsync("ali");
        using var nas = await _isp.AddRouterAsync();
        var signed = Login.Hotspot with { ProxyStates = ["b", "a", "b"] };
        var unsigned = signed with { IsSigned = false };
        var plain = Login.Hotspot with { IsSigned = false };
        var dropped = nas.AccessRequest("ali", "hello123", unsigned);
        Assert.Empty((await nas.AskAfterSilenceAsync(dropped, nas.AccessRequest("ali", "hello123", plain))).ProxyStates);

        await _isp.ExecuteAsync("update routers set is_trusted_proxy = true");
        await Isp.EventuallyAsync(() => Task.FromResult(_isp.Worker<NasDirectory>().Find(_isp.World.TenantId, nas.Id)!.Facts.IsTrustedProxy));

        Assert.Equal(["b", "a", "b"], (await nas.LoginAsync("ali", "hello123", unsigned)).ProxyStates);
        Assert.Equal(["b", "a", "b"], (await nas.LoginAsync("ali", "wrong", signed)).ProxyStates);
    }

    [Fact]
    public async Task An_archived_router_is_a_stranger()
    {
        using var nas = await _isp.AddRouterAsync();
        await _isp.World.WriteAsync(async db =>
        {
            (await db.Routers.SingleAsync()).Archive(_isp.World.Clock.GetUtcNow());
            return 0;
        });

        await Isp.EventuallyAsync(() => Task.FromResult(_isp.Worker<NasDirectory>().Find(_isp.World.TenantId, nas.Id) is null));
    }
}
