using EasyIsp.Core.Orders;
using EasyIsp.Core.Sessions;

namespace EasyIsp.Web.Sessions;

/// <summary>The sessions that the person at this screen has ended, until the router's Stop, or its refusal, is here.</summary>
internal sealed class Endings(DisconnectDesk desk)
{
    private readonly Dictionary<Guid, Guid> _orders = [];

    public bool IsEnding(Guid sessionId) => _orders.ContainsKey(sessionId);

    /// <returns>False when the session was over already.</returns>
    public async Task<bool> BeginAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        if (await desk.DisconnectAsync(sessionId, cancellationToken) is not { } order)
            return false;

        _orders[sessionId] = order;
        return true;
    }

    /// <param name="now">The sessions as they are now.</param>
    /// <returns>Those whose story is over, each told once.</returns>
    public async Task<IReadOnlyList<Ending>> FollowAsync(IReadOnlyList<SessionRow> now, CancellationToken cancellationToken)
    {
        var over = new List<Ending>();
        foreach (var session in now.Where(session => _orders.ContainsKey(session.Id)))
        {
            if (await OutcomeAsync(session, cancellationToken) is not { } ending)
                continue;

            _orders.Remove(session.Id);
            over.Add(ending);
        }

        return over;
    }

    private async Task<Ending?> OutcomeAsync(SessionRow session, CancellationToken cancellationToken)
    {
        if (session.EndedAt is not null)
            return new Ending(session, Refusal: null);

        var order = await desk.StatusAsync(_orders[session.Id], cancellationToken);
        return order is { State: NetworkOrderState.Failed }
            ? new Ending(session, order.Outcome ?? "The router did not answer")
            : null;
    }
}

/// <param name="Refusal">Why the session goes on; null when it has ended.</param>
internal sealed record Ending(SessionRow Session, string? Refusal);
