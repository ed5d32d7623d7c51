using EasyIsp.Core.Orders;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Orders;

public sealed class OrderQueueTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    private OrderQueue Queue => _world.Services.GetRequiredService<OrderQueue>();

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Workers_that_take_at_once_never_take_the_same_order()
    {
        await OrderAsync(60);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TakeAsync(max: 10)));

        var ids = taken.SelectMany(orders => orders).Select(order => order.Id).ToList();
        Assert.Equal(60, ids.Count);
        Assert.Equal(60, ids.Distinct().Count());
    }

    [Fact]
    public async Task The_order_of_a_worker_that_died_comes_back_after_its_lease()
    {
        await OrderAsync(1);
        var order = Assert.Single(await TakeAsync());

        _world.Clock.Advance(OrderQueue.Lease - TimeSpan.FromSeconds(1));
        Assert.Empty(await TakeAsync());
        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(order.Id, Assert.Single(await TakeAsync()).Id);
    }

    [Fact]
    public async Task A_done_order_is_kept_with_what_the_router_answered()
    {
        await OrderAsync(1);
        var order = Assert.Single(await TakeAsync());

        await Queue.ReportAsync(order.TenantId, order.Id, new OrderReport.Done("Disconnect-ACK"), CancellationToken.None);
        await Queue.ReportAsync(order.TenantId, order.Id, new OrderReport.Failed("Too late", MayRetry: true), CancellationToken.None);

        var kept = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((NetworkOrderState.Done, "Disconnect-ACK", 1), (kept.State, kept.Outcome, kept.Tries));
        Assert.Equal(_world.Clock.GetUtcNow(), kept.FinishedAt);
    }

    [Fact]
    public async Task A_router_that_does_not_answer_is_asked_with_growing_pauses_and_then_given_up()
    {
        await OrderAsync(1);
        for (var tries = 1; tries <= NetworkOrder.MaxTries; tries++)
        {
            var order = Assert.Single(await TakeAsync());
            await Queue.ReportAsync(order.TenantId, order.Id, new OrderReport.Failed("No answer", MayRetry: true), CancellationToken.None);
            Assert.Empty(await TakeAsync());
            _world.Clock.Advance(TimeSpan.FromSeconds(Math.Pow(2, tries)));
        }

        Assert.Empty(await TakeAsync());
        var given = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((NetworkOrderState.Failed, "No answer", NetworkOrder.MaxTries), (given.State, given.Outcome, given.Tries));
    }

    [Fact]
    public async Task An_order_of_another_kind_is_left_for_its_own_workers()
    {
        await OrderAsync(1);

        Assert.Empty(await Queue.TakeAsync(NetworkOrderKind.HotspotLogin, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_storm_into_a_queue_that_was_empty_when_it_was_last_analysed_is_taken_in_parts()
    {
        await OrderAsync(600);
        await ForgetHowManyAsync("network_orders");

        Assert.Equal(50, (await TakeAsync(max: 50)).Count);
        var taken = await TakeAsync(max: 500);
        Assert.Equal(500, taken.Count);

        await Queue.ReportAsync([.. taken.Select(order => OrderResult.Of(order, new OrderReport.Done("Disconnect-ACK")))], CancellationToken.None);
        Assert.Equal(500, await _world.ReadAsync(db => db.NetworkOrders.CountAsync(order => order.State == NetworkOrderState.Done)));
        Assert.Equal(50, (await TakeAsync(max: 500)).Count);
    }

    /// <summary>As a table is known to the planner that was analysed with nothing alive in its pages.</summary>
    private async Task ForgetHowManyAsync(string table)
    {
        await using var connection = new NpgsqlConnection(_world.Database.Admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "update pg_class set reltuples = 0, relpages = 20 where oid in (select $1::regclass union select indexrelid from pg_index where indrelid = $1::regclass)",
            connection) { Parameters = { new() { Value = table } } };
        await command.ExecuteNonQueryAsync();
    }

    private Task<IReadOnlyList<NetworkOrder>> TakeAsync(int max = 10)
        => Queue.TakeAsync(NetworkOrderKind.Disconnect, max, CancellationToken.None);

    private async Task OrderAsync(int count)
    {
        var router = await _world.AddRouterAsync();
        await _world.WriteAsync(db =>
        {
            var now = _world.Clock.GetUtcNow();
            db.NetworkOrders.AddRange(Enumerable.Range(0, count).Select(
                _ => NetworkOrder.Disconnect(_world.TenantId, router.Id, Guid.CreateVersion7(now), null, "staff", now)));
            return Task.FromResult(0);
        });
    }
}
