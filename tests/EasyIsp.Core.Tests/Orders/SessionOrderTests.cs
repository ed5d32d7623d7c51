using EasyIsp.Core.Customers;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Orders;

/// <summary>Of each session one order waits: what is wanted of it last, and an end before all.</summary>
public sealed class SessionOrderTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly NetworkOrderKind[] Kinds = [NetworkOrderKind.Disconnect, NetworkOrderKind.Change];

    private World _world = null!;
    private Customer _customer = null!;
    private Package _package = null!;
    private Guid _session;

    private OrderQueue Queue => _world.Services.GetRequiredService<OrderQueue>();

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _customer = await _world.AddCustomerAsync();
        _package = await _world.AddPackageAsync();
        var subscription = await _world.SellAsync(_customer, _package);
        _session = await _world.OpenSessionAsync(await _world.AddRouterAsync(), _customer, subscription);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_sale_is_brought_to_the_sessions_that_run()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.SellAsync(_customer, _package);

        var order = await OrderAsync();
        var purchase = await _world.ReadAsync(db => db.Purchases.OrderBy(p => p.Id).LastAsync());
        Assert.Equal(
            (NetworkOrderKind.Change, _session, Selling.Bought, purchase.Id),
            (order.Kind, order.SessionId!.Value, order.Reason, order.CauseId!.Value));
    }

    [Fact]
    public async Task An_end_replaces_a_change_that_waits_and_no_change_replaces_an_end()
    {
        await _world.SellAsync(_customer, _package);
        await EndAsync();
        await _world.SellAsync(_customer, _package);

        var order = await OrderAsync();
        Assert.Equal((NetworkOrderKind.Disconnect, "suspended"), (order.Kind, order.Reason));
    }

    [Fact]
    public async Task What_an_order_became_meanwhile_is_not_finished_by_what_it_was()
    {
        await _world.SellAsync(_customer, _package);
        var change = Assert.Single(await TakeAsync());
        await EndAsync();

        await Queue.ReportAsync([OrderResult.Of(change, new OrderReport.Done("speed changed"))], CancellationToken.None);

        Assert.Equal(NetworkOrderState.Waiting, (await OrderAsync()).State);
        Assert.Equal(NetworkOrderKind.Disconnect, Assert.Single(await TakeAsync()).Kind);
    }

    [Fact]
    public async Task A_change_ordered_again_while_it_is_carried_out_is_carried_out_again()
    {
        await _world.SellAsync(_customer, _package);
        var first = Assert.Single(await TakeAsync());
        await _world.SellAsync(_customer, _package);
        await Queue.ReportAsync([OrderResult.Of(first, new OrderReport.Done("time changed"))], CancellationToken.None);

        Assert.Equal(first.Id, Assert.Single(await TakeAsync()).Id);
    }

    [Fact]
    public async Task Waiting_for_a_dead_router_costs_no_try()
    {
        await _world.SellAsync(_customer, _package);
        var until = _world.Clock.GetUtcNow().AddMinutes(1);
        await Queue.ReportAsync(
            [OrderResult.Of(Assert.Single(await TakeAsync()), new OrderReport.Postponed("waits", until))], CancellationToken.None);

        Assert.Empty(await TakeAsync());
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Assert.Single(await TakeAsync()).Tries);
    }

    [Fact]
    public async Task What_the_router_was_told_is_kept_with_the_session_and_a_device_sent_away_is_brought_back()
    {
        await _world.SellAsync(_customer, _package);
        var device = new DeviceAtHotspot("AA:BB:CC:00:00:01", System.Net.IPAddress.Parse("10.5.50.2"));
        var order = Assert.Single(await TakeAsync());

        await Queue.ReportAsync(
            [OrderResult.Of(order, new OrderReport.Done("disconnected", """{"RateLimit": "1k/1k"}""", device))], CancellationToken.None);

        Assert.Equal("""{"RateLimit": "1k/1k"}""", await _world.ReadAsync(db => db.OpenSessions.Select(s => s.Told).SingleAsync()));
        var login = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync(o => o.Kind == NetworkOrderKind.HotspotLogin));
        Assert.Equal(
            (_customer.Id, device.MacAddress, device.Address, order.Id), (login.CustomerId, login.MacAddress, login.Address, login.CauseId));
    }

    [Fact]
    public async Task A_busy_router_is_passed_over()
    {
        await _world.SellAsync(_customer, _package);
        var router = (await OrderAsync()).RouterId;

        Assert.Empty(await Queue.TakeAsync(Kinds, 10, [router], CancellationToken.None));
        Assert.Single(await Queue.TakeAsync(Kinds, 10, [Guid.CreateVersion7()], CancellationToken.None));
    }

    [Fact]
    public async Task The_last_word_on_a_session_is_told_to_who_looks_at_it()
    {
        await _world.SellAsync(_customer, _package);
        var refusal = new OrderReport.Failed("speed change refused by the router: 401 unsupported attribute", MayRetry: true);
        await Queue.ReportAsync([OrderResult.Of(Assert.Single(await TakeAsync()), refusal)], CancellationToken.None);

        var notes = await _world.AsTenantAsync<SessionNotes, IReadOnlyDictionary<Guid, SessionNote>>(
            all => all.LastAsync([_session, Guid.CreateVersion7()], CancellationToken.None));

        var (session, note) = Assert.Single(notes);
        Assert.Equal((_session, true, refusal.Outcome), (session, note.IsWorthTelling, note.Outcome));
    }

    private Task<IReadOnlyList<NetworkOrder>> TakeAsync() => Queue.TakeAsync(Kinds, 10, [], CancellationToken.None);

    private Task<NetworkOrder> OrderAsync() => _world.ReadAsync(db => db.NetworkOrders.SingleAsync());

    private Task<IReadOnlyList<Guid>> EndAsync() => _world.WriteAsync(db => _world.Services.GetRequiredService<Disconnecting>()
        .DisconnectAsync(db, [_session], "suspended", CancellationToken.None));
}
