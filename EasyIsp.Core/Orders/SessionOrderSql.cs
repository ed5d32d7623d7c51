using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Orders;

/// <summary>Places orders about open sessions, of which each has at most one that waits.</summary>
internal static class SessionOrderSql
{
    /// <summary>
    /// One order for each of the sessions that is still open. A change that waits already, or is just being carried out,
    /// becomes this order, to be carried out from the beginning; an end that waits is not called off. One statement, so
    /// that a session which ends meanwhile is simply left out.
    /// </summary>
    /// <returns>The ids of the orders that were placed or became this.</returns>
    public static async Task<IReadOnlyList<Guid>> PlaceAsync(
        IspDbContext db,
        NetworkOrderKind kind,
        IReadOnlyCollection<Guid> sessionIds,
        string reason,
        Guid? causeId,
        DateTimeOffset now,
        CancellationToken cancellationToken,
        bool renews = true)
    {
        if (sessionIds.Count == 0)
            return [];

        var sessions = sessionIds.Distinct().Order().ToArray();
        var orders = Array.ConvertAll(sessions, _ => Guid.CreateVersion7(now));
        return await db.Database.SqlQuery<Guid>($"""
            insert into network_orders (tenant_id, id, kind, router_id, customer_id, session_id, reason, cause_id,
              state, tries, created_at, next_try_at)
            select s.tenant_id, wanted.order_id, {kind.ToString()}, s.router_id, s.customer_id, s.id, {reason}, {causeId},
              {nameof(NetworkOrderState.Waiting)}, 0, {now}, {now}
            from unnest({orders}, {sessions}) as wanted(order_id, session_id)
            join open_sessions s on s.id = wanted.session_id
            order by s.id
            on conflict (tenant_id, session_id) where state = 'Waiting' and session_id is not null
            do update set kind = excluded.kind, reason = excluded.reason, cause_id = excluded.cause_id,
              tries = 0, outcome = null, created_at = excluded.created_at, next_try_at = excluded.next_try_at
            where {renews} and network_orders.kind = {nameof(NetworkOrderKind.Change)}
            returning id as "Value"
            """).ToListAsync(cancellationToken);
    }
}
