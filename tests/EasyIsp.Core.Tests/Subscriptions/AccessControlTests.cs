using EasyIsp.Core.Orders;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Subscriptions;

public sealed class AccessControlTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _customer;
    private Guid _router;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _customer = await _world.CustomerAsync("Grace");
        _router = await _world.RouterAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_suspension_orders_the_end_of_every_open_session_of_the_customer_alone()
    {
        await _world.GoOnlineAsync(_customer, _router);
        await _world.GoOnlineAsync(_customer, _router);
        await _world.GoOnlineAsync(await _world.CustomerAsync("Otieno"), _router);

        var outcome = await RunAsync((access, token) => access.SuspendAsync(_customer, token));

        Assert.Equal(new AccessOutcome.Applied(2), outcome);
        var orders = await OrdersAsync();
        Assert.Equal(2, orders.Count);
        Assert.All(orders, order => Assert.Equal((_customer, "suspended"), (order.CustomerId, order.Reason)));
    }

    [Fact]
    public async Task A_session_whose_end_is_ordered_already_is_not_ordered_twice()
    {
        await _world.GoOnlineAsync(_customer, _router);
        await RunAsync((access, token) => access.DisconnectAsync(_customer, token));

        var outcome = await RunAsync((access, token) => access.SuspendAsync(_customer, token));

        Assert.Equal(new AccessOutcome.Applied(0), outcome);
        Assert.Single(await OrdersAsync());
    }

    [Fact]
    public async Task Suspending_twice_changes_nothing_the_second_time()
    {
        await RunAsync((access, token) => access.SuspendAsync(_customer, token));

        Assert.IsType<AccessOutcome.AsBefore>(await RunAsync((access, token) => access.SuspendAsync(_customer, token)));
        Assert.Equal(1, await _world.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == "customer.suspend")));
    }

    [Fact]
    public async Task Resuming_gives_the_way_in_back_and_brings_a_session_that_runs_in_line()
    {
        await RunAsync((access, token) => access.SuspendAsync(_customer, token));
        await _world.GoOnlineAsync(_customer, _router);

        var outcome = await RunAsync((access, token) => access.ResumeAsync(_customer, token));

        Assert.Equal(new AccessOutcome.Applied(0), outcome);
        Assert.Null(await _world.ReadAsync(db => db.Customers.Where(c => c.Id == _customer).Select(c => c.SuspendedAt).SingleAsync()));
        var order = Assert.Single(await OrdersAsync());
        Assert.Equal((NetworkOrderKind.Change, "resumed"), (order.Kind, order.Reason));
    }

    [Fact]
    public async Task A_deleted_customer_has_no_way_in_and_keeps_what_the_books_need()
    {
        await _world.TopUpAsync(_customer, 500);
        await _world.GoOnlineAsync(_customer, _router);

        Assert.Equal(new AccessOutcome.Applied(1), await RunAsync((access, token) => access.DeleteAsync(_customer, token)));

        var customer = await _world.ReadAsync(db => db.Customers.SingleAsync(c => c.Id == _customer));
        Assert.Equal((null, null, "Grace"), (customer.Username, customer.Password, customer.Name));
        Assert.Equal(500, await _world.ReadAsync(db => Core.Ledger.GeneralLedger.WalletAsync(db, _customer, CancellationToken.None)));
        Assert.IsType<AccessOutcome.Gone>(await RunAsync((access, token) => access.DeleteAsync(_customer, token)));
    }

    private Task<AccessOutcome> RunAsync(Func<AccessControl, CancellationToken, Task<AccessOutcome>> work)
        => _world.AsTenantAsync<AccessControl, AccessOutcome>(access => work(access, CancellationToken.None));

    private Task<List<NetworkOrder>> OrdersAsync() => _world.ReadAsync(db => db.NetworkOrders.ToListAsync());
}
