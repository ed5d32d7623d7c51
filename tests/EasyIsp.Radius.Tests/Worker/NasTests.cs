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
