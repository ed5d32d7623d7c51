using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Orders;

/// <summary>Orders the end of open sessions; the RADIUS worker carries it out.</summary>
public sealed class Disconnecting(TimeProvider clock)
{
    /// <summary>
    /// Participant, also across tenants: one order for each of the sessions that is still open and has none waiting.
    /// One statement, so that a session which ends meanwhile is simply left out.
    /// </summary>
    /// <param name="reason">A word that people read, as in <see cref="NetworkOrder.Reason"/>.</param>
    /// <param name="causeId">The row that wants it, for the timeline.</param>
    /// <returns>The ids of the orders that were placed.</returns>
    public async Task<IReadOnlyList<Guid>> DisconnectAsync(
        IspDbContext db, IReadOnlyCollection<Guid> sessionIds, string reason, CancellationToken cancellationToken, Guid? causeId = null)
    {
        var now = clock.GetUtcNow();
        var sessions = sessionIds.ToArray();
        var orders = Array.ConvertAll(sessions, _ => Guid.CreateVersion7(now));
        return await db.Database.SqlQuery<Guid>($"""
            insert into network_orders (tenant_id, id, kind, router_id, customer_id, session_id, reason, cause_id,
              state, tries, created_at, next_try_at)
            select s.tenant_id, wanted.order_id, {nameof(NetworkOrderKind.Disconnect)}, s.router_id, s.customer_id, s.id, {reason}, {causeId},
              {nameof(NetworkOrderState.Waiting)}, 0, {now}, {now}
            from unnest({orders}, {sessions}) as wanted(order_id, session_id)
            join open_sessions s on s.id = wanted.session_id
            on conflict (tenant_id, session_id) where state = 'Waiting' and session_id is not null do nothing
            returning id as "Value"
            """).ToListAsync(cancellationToken);
    }
}
