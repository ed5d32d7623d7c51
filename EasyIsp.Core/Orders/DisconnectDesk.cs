using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Orders;

/// <summary>Staff end a session and watch what becomes of it.</summary>
public sealed class DisconnectDesk(IspDatabase database, Disconnecting disconnecting, AuditTrail audit)
{
    public const string Reason = "staff";

    /// <returns>The order that now waits for the session, this one or an earlier; null when the session is over already.</returns>
    public async Task<Guid?> DisconnectAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        // The order is written past the filter, so a restricted person is asked first whether he sees the session.
        if (db.IsRestricted && !await db.OpenSessions.AnyAsync(s => s.Id == sessionId, cancellationToken))
            return await WaitingForAsync(db, sessionId, cancellationToken);

        var placed = await disconnecting.DisconnectAsync(db, [sessionId], Reason, cancellationToken);
        if (placed.Count == 0)
            return await WaitingForAsync(db, sessionId, cancellationToken);

        audit.Record(db, "session.disconnect", sessionId, new { Order = placed[0] });
        await db.CommitAsync(cancellationToken);
        return placed[0];
    }

    /// <returns>Null when there is no such order.</returns>
    public async Task<OrderStatus?> StatusAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.NetworkOrders
            .Where(o => o.Id == orderId)
            .Select(o => new OrderStatus(o.Id, o.SessionId, o.State, o.Tries, o.Outcome, o.CreatedAt, o.FinishedAt))
            .SingleOrDefaultAsync(cancellationToken);
    }

    private static Task<Guid?> WaitingForAsync(IspDbContext db, Guid sessionId, CancellationToken cancellationToken)
        => db.NetworkOrders
            .Where(o => o.SessionId == sessionId && o.State == NetworkOrderState.Waiting)
            .Select(o => (Guid?)o.Id)
            .FirstOrDefaultAsync(cancellationToken);
}

/// <param name="Outcome">What the router answered last, or why nothing came.</param>
public sealed record OrderStatus(
    Guid Id,
    Guid? SessionId,
    NetworkOrderState State,
    int Tries,
    string? Outcome,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt);
