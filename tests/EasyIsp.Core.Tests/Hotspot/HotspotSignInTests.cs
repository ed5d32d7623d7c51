using EasyIsp.Core.Customers;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tests.Routers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Hotspot;

/// <summary>Orders against the emulated router's own API.</summary>
public sealed class HotspotSignInTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private EmulatedSite _site = null!;
    private Router _router = null!;
    private Customer _customer = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server, services => services.AddHotspotWorkers());
        _site = await EmulatedSite.OpenAsync();
        _router = await _world.AddRouterAsync();
        _customer = await _world.AddCustomerAsync();
        await UseApiAsync(_site.Endpoint.Password);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_device_that_waits_at_its_router_is_let_in_with_a_token_of_its_own()
    {
        await BuyAsync();
        var host = _site.Router.AddHost(EmulatedSite.Mac);

        var report = await CarryOutAsync(Order(new DeviceAtHotspot(EmulatedSite.Mac, host.Address)));

        Assert.IsType<OrderReport.Done>(report);
        Assert.NotNull(host.Session);
        Assert.Equal(_customer.Username, host.Session.User);
        Assert.Equal(1, await TokensAsync());
    }

    [Fact]
    public async Task A_device_that_only_its_browser_speaks_of_is_not_let_in()
    {
        await BuyAsync();
        var host = _site.Router.AddHost(EmulatedSite.Mac);
        var elsewhere = System.Net.IPAddress.Parse("10.9.9.9");

        var unknown = await CarryOutAsync(Order(new DeviceAtHotspot("02:00:00:00:00:01", host.Address)));
        var moved = await CarryOutAsync(Order(new DeviceAtHotspot(EmulatedSite.Mac, elsewhere)));

        Assert.True(Assert.IsType<OrderReport.Failed>(unknown).MayRetry);
        Assert.True(Assert.IsType<OrderReport.Failed>(moved).MayRetry);
        Assert.Null(host.Session);
        Assert.Equal(0, await TokensAsync());
    }

    [Fact]
    public async Task A_device_that_is_online_already_is_left_alone()
    {
        await BuyAsync();
        var host = _site.Router.AddHost(EmulatedSite.Mac);
        await _site.LoginAsync();

        Assert.IsType<OrderReport.Done>(await CarryOutAsync(Order(new DeviceAtHotspot(EmulatedSite.Mac, host.Address))));
        Assert.Equal(0, await TokensAsync());
    }

    [Fact]
    public async Task A_customer_whose_time_is_over_gets_no_token()
    {
        var host = _site.Router.AddHost(EmulatedSite.Mac);

        var report = await CarryOutAsync(Order(new DeviceAtHotspot(EmulatedSite.Mac, host.Address)));

        Assert.False(Assert.IsType<OrderReport.Failed>(report).MayRetry);
        Assert.Equal(0, await TokensAsync());
    }

    [Fact]
    public async Task A_router_whose_password_is_wrong_is_not_asked_again_and_one_without_api_not_at_all()
    {
        await BuyAsync();
        var host = _site.Router.AddHost(EmulatedSite.Mac);
        var order = Order(new DeviceAtHotspot(EmulatedSite.Mac, host.Address));

        await UseApiAsync("wrong");
        Assert.False(Assert.IsType<OrderReport.Failed>(await CarryOutAsync(order)).MayRetry);

        await UseApiAsync(null);
        Assert.IsType<OrderReport.Done>(await CarryOutAsync(order));
        Assert.Null(host.Session);
    }

    private NetworkOrder Order(DeviceAtHotspot device)
        => NetworkOrder.HotspotLogin(_world.TenantId, _router.Id, _customer.Id, device, causeId: null, _world.Clock.GetUtcNow());

    private Task<OrderReport> CarryOutAsync(NetworkOrder order) => _world.AsTenantAsync<HotspotSignIn, OrderReport>(
        signIn => signIn.CarryOutAsync(order, TestContext.Current.CancellationToken));

    private async Task BuyAsync() => await _world.SellAsync(_customer, await _world.AddPackageAsync());

    private Task<int> TokensAsync() => _world.ReadAsync(db => db.LoginTokens.CountAsync());

    private Task<int> UseApiAsync(string? password) => _world.WriteAsync(async db =>
    {
        var codec = _world.Services.GetRequiredService<SecretCodec>();
        var router = await db.Routers.SingleAsync(r => r.Id == _router.Id);
        router.ReachByApi(password is null
            ? null
            : new RouterApiAccess(_site.Endpoint.User, codec.Protect(_world.TenantId, password), _site.Endpoint.Port, certificateFingerprint: null));
        return 0;
    });
}
