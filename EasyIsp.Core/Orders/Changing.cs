using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Orders;

/// <summary>
/// Orders that open sessions be brought in line with what their customers now have. What that is the RADIUS worker finds
/// out when it carries the order out, so an order too many does nothing.
/// </summary>
public sealed class Changing(TimeProvider clock)
{
    /// <summary>Participant, also across tenants: sessions that are to end anyway are left alone.</summary>
    /// <param name="reason">A word that people read, as in <see cref="NetworkOrder.Reason"/>.</param>
    /// <param name="causeId">The row that wants it, for the timeline.</param>
    /// <returns>The ids of the orders that were placed.</returns>
    public Task<IReadOnlyList<Guid>> ChangeAsync(
        IspDbContext db, IReadOnlyCollection<Guid> sessionIds, string reason, CancellationToken cancellationToken, Guid? causeId = null)
        => SessionOrderSql.PlaceAsync(
            db, NetworkOrderKind.Change, sessionIds, reason, causeId, clock.GetUtcNow(), cancellationToken);

    /// <summary>Participant, also across tenants: for what an order that waits already will find too.</summary>
    public Task ChangeUnlessWaitingAsync(
        IspDbContext db, IReadOnlyCollection<Guid> sessionIds, string reason, CancellationToken cancellationToken)
        => SessionOrderSql.PlaceAsync(
            db, NetworkOrderKind.Change, sessionIds, reason, causeId: null, clock.GetUtcNow(), cancellationToken, renews: false);

    /// <summary>Participant: all sessions of a customer of the tenant, at whichever router, whoever changes something.</summary>
    /// <inheritdoc cref="ChangeAsync" path="/param"/>
    /// <returns>How many sessions it is about.</returns>
    public async Task<int> ChangeAllOfAsync(
        IspDbContext db, Guid customerId, string reason, CancellationToken cancellationToken, Guid? causeId = null)
    {
        var sessions = await db.OpenSessions.IgnoreQueryFilters([QueryFilters.Place]).Where(s => s.CustomerId == customerId).Select(s => s.Id).ToListAsync(cancellationToken);
        return (await ChangeAsync(db, sessions, reason, cancellationToken, causeId)).Count;
    }
}
