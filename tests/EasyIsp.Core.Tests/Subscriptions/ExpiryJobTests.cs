using EasyIsp.Core.Orders;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Subscriptions;

public sealed class ExpiryJobTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task At_its_end_a_subscription_is_closed_and_its_open_session_is_cut_once()
    {
        var customer = await _world.AddCustomerAsync();
        var subscription = await _world.SellAsync(customer, await _world.AddPackageAsync(duration: TimeSpan.FromHours(1)));
        var session = await _world.OpenSessionAsync(await _world.AddRouterAsync(), customer, subscription);

        _world.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await RunAsync());
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await RunAsync());
        Assert.Equal(0, await RunAsync());

        var order = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((session, ExpiryJob.Expired, NetworkOrderKind.Disconnect), (order.SessionId, order.Reason, order.Kind));
        Assert.Equal(_world.Clock.GetUtcNow(), (await _world.ReadAsync(db => db.Subscriptions.SingleAsync())).ClosedAt);
    }

    [Fact]
    public async Task A_session_of_a_customer_whose_next_package_begins_is_brought_in_line_with_it()
    {
        var customer = await _world.AddCustomerAsync();
        var first = await _world.SellAsync(customer, await _world.AddPackageAsync("Hour", TimeSpan.FromHours(1)));
        await _world.SellAsync(customer, await _world.AddPackageAsync("Day", TimeSpan.FromDays(1)));
        await _world.OpenSessionAsync(await _world.AddRouterAsync(), customer, first);
        _world.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await RunAsync());

        var order = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((ExpiryJob.NextBegins, NetworkOrderKind.Change), (order.Reason, order.Kind));
    }

    [Fact]
    public async Task Sessions_of_others_and_of_the_following_subscription_stay()
    {
        var router = await _world.AddRouterAsync();
        var customer = await _world.AddCustomerAsync();
        var hour = await _world.SellAsync(customer, await _world.AddPackageAsync("Hour", TimeSpan.FromHours(1)));
        var next = await _world.SellAsync(customer, await _world.AddPackageAsync("Day", TimeSpan.FromDays(1)));
        var neighbour = await _world.AddCustomerAsync("+254798765432");
        await _world.OpenSessionAsync(router, neighbour, await _world.SellAsync(neighbour, await _world.AddPackageAsync("Week", TimeSpan.FromDays(7))));
        await _world.OpenSessionAsync(router, customer, next);
        _world.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await RunAsync());

        Assert.Equal(0, await _world.ReadAsync(db => db.NetworkOrders.CountAsync()));
        Assert.NotNull((await _world.ReadAsync(db => db.Subscriptions.SingleAsync(s => s.Id == hour.Id))).ClosedAt);
    }

    [Fact]
    public async Task Subscriptions_of_all_tenants_are_closed_in_as_many_batches_as_it_takes()
    {
        var package = await _world.AddPackageAsync(duration: TimeSpan.FromHours(1));
        var customer = await _world.AddCustomerAsync();
        var now = _world.Clock.GetUtcNow();
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
            insert into subscriptions (tenant_id, id, customer_id, package_id, starts_at, ends_at)
            select {_world.TenantId}, gen_random_uuid(), {customer.Id}, {package.Id}, {now} + i * interval '1 s', {now} + (i + 1) * interval '1 s'
            from generate_series(0, 1199) i
            """));
        _world.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1200, await RunAsync());
    }

    [Fact]
    public async Task Sweeps_that_run_side_by_side_order_each_cut_once()
    {
        var customer = await _world.AddCustomerAsync();
        var subscription = await _world.SellAsync(customer, await _world.AddPackageAsync(duration: TimeSpan.FromHours(1)));
        await _world.OpenSessionAsync(await _world.AddRouterAsync(), customer, subscription);
        _world.Clock.Advance(TimeSpan.FromHours(1));

        var closed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RunAsync()));

        Assert.Equal(1, closed.Sum());
        Assert.Equal(1, await _world.ReadAsync(db => db.NetworkOrders.CountAsync()));
    }

    [Fact]
    public async Task A_sale_in_the_last_moment_is_not_cut_off_by_the_sweep()
    {
        var customer = await _world.AddCustomerAsync();
        var package = await _world.AddPackageAsync(duration: TimeSpan.FromHours(1));
        var subscription = await _world.SellAsync(customer, package);
        _world.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));

        await _world.WriteAsync(async db =>
        {
            await _world.Services.GetRequiredService<Selling>().SellAsync(db, customer.Id, package, 0, PurchaseMeans.Gift, CancellationToken.None);
            _world.Clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(0, await RunAsync());
            return 0;
        });

        Assert.Equal(0, await RunAsync());
        var now = await _world.ReadAsync(db => db.Subscriptions.SingleAsync());
        Assert.Equal((subscription.EndsAt.AddHours(1), (DateTimeOffset?)null), (now.EndsAt, now.ClosedAt));
    }

    private Task<int> RunAsync() => _world.Services.GetRequiredService<ExpiryJob>().RunAsync(CancellationToken.None);
}
