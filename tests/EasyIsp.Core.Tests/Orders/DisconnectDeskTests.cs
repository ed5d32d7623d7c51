using EasyIsp.Core.Orders;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Orders;

public sealed class DisconnectDeskTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Staff_order_the_end_of_a_session_once_however_often_they_click()
    {
        var router = await _world.AddRouterAsync();
        var customer = await _world.AddCustomerAsync();
        var session = await _world.OpenSessionAsync(router, customer);

        var first = await DisconnectAsync(session);
        var second = await DisconnectAsync(session);

        Assert.NotNull(first);
        Assert.Equal(first, second);
        var order = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((router.Id, customer.Id, session, "staff"), (order.RouterId, order.CustomerId, order.SessionId, order.Reason));
        Assert.Equal(1, await _world.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Action == "session.disconnect" && e.SubjectId == session)));
        var status = await _world.AsTenantAsync<DisconnectDesk, OrderStatus?>(desk => desk.StatusAsync(order.Id, CancellationToken.None));
        Assert.Equal((NetworkOrderState.Waiting, session), (status!.State, status.SessionId));
    }

    [Fact]
    public async Task A_session_that_is_over_needs_no_order()
        => Assert.Null(await DisconnectAsync(Guid.CreateVersion7(_world.Clock.GetUtcNow())));

    [Fact]
    public async Task A_session_of_another_tenant_cannot_be_ended()
    {
        var session = await _world.OpenSessionAsync(await _world.AddRouterAsync(), await _world.AddCustomerAsync());
        var other = await _world.FoundTenantAsync("mara", "Mara Wireless");

        Assert.Null(await _world.AsTenantAsync<DisconnectDesk, Guid?>(other, desk => desk.DisconnectAsync(session, CancellationToken.None)));
        Assert.Equal(0, await _world.ReadAsync(db => db.NetworkOrders.CountAsync()));
    }

    private Task<Guid?> DisconnectAsync(Guid session)
        => _world.AsTenantAsync<DisconnectDesk, Guid?>(desk => desk.DisconnectAsync(session, CancellationToken.None));
}
