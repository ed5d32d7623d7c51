using EasyIsp.Core.Persistence;

namespace EasyIsp.Core.Orders;

/// <summary>Orders the end of open sessions; the RADIUS worker carries it out.</summary>
public sealed class Disconnecting(TimeProvider clock)
{
    /// <summary>Participant, also across tenants: one order for each of the sessions that is still open and is not to end already.</summary>
    /// <param name="reason">A word that people read, as in <see cref="NetworkOrder.Reason"/>.</param>
    /// <param name="causeId">The row that wants it, for the timeline.</param>
    /// <returns>The ids of the orders that were placed.</returns>
    public Task<IReadOnlyList<Guid>> DisconnectAsync(
        IspDbContext db, IReadOnlyCollection<Guid> sessionIds, string reason, CancellationToken cancellationToken, Guid? causeId = null)
        => SessionOrderSql.PlaceAsync(
            db, NetworkOrderKind.Disconnect, sessionIds, reason, causeId, clock.GetUtcNow(), cancellationToken);
}
