using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Orders;

/// <summary>What was last ordered of sessions, and what came of it: for the people who look at them.</summary>
public sealed class SessionNotes(IspDatabase database)
{
    /// <returns>By session; those of which nothing was ever ordered are left out.</returns>
    public async Task<IReadOnlyDictionary<Guid, SessionNote>> LastAsync(
        IReadOnlyCollection<Guid> sessionIds, CancellationToken cancellationToken)
    {
        if (sessionIds.Count == 0)
            return new Dictionary<Guid, SessionNote>();

        await using var db = await database.OpenAsync(cancellationToken);
        var orders = await db.NetworkOrders
            .Where(o => o.SessionId != null && sessionIds.Contains(o.SessionId.Value))
            .Select(o => new { o.Id, o.SessionId, o.Kind, o.State, o.Outcome, o.FinishedAt, o.CreatedAt })
            .ToListAsync(cancellationToken);
        return orders
            .GroupBy(order => order.SessionId!.Value, (_, all) => all.MaxBy(order => order.Id)!)
            .ToDictionary(
                order => order.SessionId!.Value,
                order => new SessionNote(order.Kind, order.State, order.Outcome, order.FinishedAt ?? order.CreatedAt));
    }
}

/// <param name="Outcome">What came of it so far, in words; null while it was not tried yet.</param>
public sealed record SessionNote(NetworkOrderKind Kind, NetworkOrderState State, string? Outcome, DateTimeOffset At)
{
    public const string NothingToChange = "nothing to change";

    /// <summary>Whether it says more than the session's own state does.</summary>
    public bool IsWorthTelling => Outcome is not (null or NothingToChange) && (Kind is NetworkOrderKind.Change || State is not NetworkOrderState.Done);
}
