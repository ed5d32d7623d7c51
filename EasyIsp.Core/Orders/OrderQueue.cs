using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Orders;

/// <summary>
/// Where workers take the orders of all tenants. Taking is a lease: the order of a worker that dies comes back by
/// itself, so an order may be carried out twice and must bear it.
/// </summary>
public sealed partial class OrderQueue(PlatformDatabase database, TimeProvider clock, ILogger<OrderQueue> logger)
{
    /// <summary>Longer than any worker needs for one order.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <returns>Orders that no other worker has, those that wait longest first.</returns>
    public async Task<IReadOnlyList<NetworkOrder>> TakeAsync(NetworkOrderKind kind, int max, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        var taken = await db.NetworkOrders.FromSql($"""
            update network_orders o set next_try_at = {now + Lease}
            from (
              select tenant_id, id from network_orders
              where kind = {kind.ToString()} and state = 'Waiting' and next_try_at <= {now}
              order by next_try_at limit {max} for update skip locked) due
            where o.tenant_id = due.tenant_id and o.id = due.id
            returning o.*
            """).IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking().ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return [.. taken.OrderBy(order => order.Id)];
    }

    /// <summary>What came of an order; a report on an order that is finished already changes nothing.</summary>
    public async Task ReportAsync(Guid tenantId, Guid orderId, OrderReport report, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        var found = await db.NetworkOrders
            .FromSql($"select * from network_orders where tenant_id = {tenantId} and id = {orderId} and state = 'Waiting' for update")
            .IgnoreQueryFilters([QueryFilters.Tenant])
            .ToListAsync(cancellationToken);
        if (found is not [var order])
            return;

        if (report is OrderReport.Failed failed)
            order.Failed(Shortened(report.Outcome), failed.MayRetry, now);
        else
            order.Done(Shortened(report.Outcome), now);
        await db.CommitAsync(cancellationToken);

        if (order.State == NetworkOrderState.Failed)
            LogGivenUp(order.Kind, order.Id, order.Tries, report.Outcome);
    }

    private static string Shortened(string outcome)
        => outcome.Length <= NetworkOrder.MaxOutcomeLength ? outcome : outcome[..NetworkOrder.MaxOutcomeLength];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gave up {Kind} order {OrderId} after {Tries} tries: {Outcome}")]
    private partial void LogGivenUp(NetworkOrderKind kind, Guid orderId, int tries, string outcome);
}

/// <summary>What a worker has to say of an order it took.</summary>
/// <param name="Outcome">In words for staff: what the router answered, or why nothing came.</param>
public abstract record OrderReport(string Outcome)
{
    public sealed record Done(string Outcome) : OrderReport(Outcome);

    /// <param name="MayRetry">False when the router's refusal is final.</param>
    public sealed record Failed(string Outcome, bool MayRetry) : OrderReport(Outcome);
}
