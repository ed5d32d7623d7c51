using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.ProviderOrders;

/// <summary>Looks after orders whose outcome does not come: what moves money is asked after by a question about it.</summary>
public sealed class SilentOrders(PlatformDatabase platform, TenantRounds rounds, TimeProvider clock)
{
    private const int Batch = 200;
    private const int AtOnce = 4;

    /// <returns>How many were looked after.</returns>
    public async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var due = await DueAsync(cancellationToken);
        await rounds.ForEachAsync<OrderInquiry>(due, AtOnce, (inquiry, order, token) => inquiry.LookAsync(order, token), cancellationToken);
        return due.Count;
    }

    private async Task<List<RowKey>> DueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.ProviderOrders.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(o => o.NextLookAt <= now)
            .OrderBy(o => o.NextLookAt)
            .Take(Batch)
            .Select(o => new RowKey(o.TenantId, o.Id))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>Asks after one order; the answer settles it (<see cref="ResultReading"/>).</summary>
public sealed class OrderInquiry(IspDatabase database, OrderBook orders, TimeProvider clock)
{
    public async Task LookAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await OrderRows.LockAsync(db, orderId, cancellationToken) is not { IsSettled: false } order)
            return;

        order.LookedAfter(clock.GetUtcNow());
        if (order is { MovesMoney: true, CanBeAskedAfter: true })
            orders.AskAfter(db, order);
        await db.CommitAsync(cancellationToken);
    }
}

/// <summary>Asks for the funds of every account that has an initiator, once a day, so that what lies there is known and an initiator that ended is noticed.</summary>
public sealed class DailyBalances(PlatformDatabase platform, TenantRounds rounds)
{
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        List<RowKey> accounts;
        await using (var db = await platform.OpenAsync(cancellationToken))
        {
            accounts = await (
                from initiator in db.Initiators.IgnoreQueryFilters([QueryFilters.Tenant])
                join account in db.PaymentAccounts.IgnoreQueryFilters([QueryFilters.Tenant])
                    on new { initiator.TenantId, Id = initiator.PaymentAccountId } equals new { account.TenantId, account.Id }
                where account.DisabledAt == null
                select new RowKey(initiator.TenantId, account.Id)).ToListAsync(cancellationToken);
        }

        await rounds.ForEachAsync<InitiatorDesk>(accounts, 4, (desk, account, token) => desk.AskBalanceAsync(account, token), cancellationToken);
    }
}
