using System.Collections.Concurrent;
using EasyIsp.Core.Orders;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// Ends sessions: by Disconnect-Request, or by the router's API as the last resort. A router's word does not close the
/// session: its Stop does, or we do when that does not come.
/// </summary>
internal sealed class SessionEnder(RouterTalk talk, CoaClient client, ApiDisconnect api, AccountingWriter writer, TimeProvider clock)
{
    /// <summary>How long after the acknowledgement a Stop may take.</summary>
    public static readonly TimeSpan StopComesWithin = TimeSpan.FromSeconds(30);

    /// <summary>An API that did not work is left alone for so long.</summary>
    private static readonly TimeSpan ApiRests = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<(DateTimeOffset DueAt, SessionCut Cut)> _promised = new();
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset Until, string Why)> _restingApis = new();

    public async Task<Ending> ByRadiusAsync(
        NetworkOrder order, Nas? nas, RunningSession session, RouterDoor.Place place, CancellationToken cancellationToken)
        => await talk.AskAsync(order, nas, place, known => client.DisconnectAsync(known, session.AtRouter, cancellationToken)) switch
        {
            CoaAnswer.Acknowledged => Promise(session, "disconnected"),
            CoaAnswer.Refused { IsSessionUnknown: true } => await CloseAsync(session, cancellationToken),
            CoaAnswer.Refused refused => new Ending(false, $"the router refused: {refused.CauseInWords}"),
            var other => new Ending(false, RouterTalk.WhyNot(other)),
        };

    public async Task<Ending> ByApiAsync(RunningSession session, CancellationToken cancellationToken)
    {
        if (_restingApis.TryGetValue(session.RouterId, out var resting) && clock.GetUtcNow() < resting.Until)
            return new Ending(false, resting.Why);

        var wanted = new SessionAtRouter(session.TenantId, session.RouterId, session.AtRouter.UserName, session.AtRouter.Address);
        switch (await api.EndAsync(wanted, cancellationToken))
        {
            case ApiEnding.Ended:
                return Promise(session, "disconnected by the router's API");
            case ApiEnding.WasGone:
                return await CloseAsync(session, cancellationToken);
            case ApiEnding.Refused refused:
                var why = $"the router's API: {refused.Why}";
                _restingApis[session.RouterId] = (clock.GetUtcNow() + ApiRests, why);
                return new Ending(false, why);
            default:
                return new Ending(false, "the router's API is not used");
        }
    }

    /// <summary>Closes the sessions whose Stop should have come by now.</summary>
    public async Task CloseOverdueAsync(CancellationToken cancellationToken)
    {
        while (_promised.TryPeek(out var next) && next.DueAt <= clock.GetUtcNow())
        {
            await writer.WriteAsync(next.Cut);
            _promised.TryDequeue(out _);
        }
    }

    private Ending Promise(RunningSession session, string outcome)
    {
        var now = clock.GetUtcNow();
        _promised.Enqueue((now + StopComesWithin, new SessionCut(session.TenantId, session.RouterId, session.Id, now)));
        return new Ending(true, outcome);
    }

    private async Task<Ending> CloseAsync(RunningSession session, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(new SessionCut(session.TenantId, session.RouterId, session.Id, EndedAt: null));
        return new Ending(true, Ending.WasGone);
    }
}

/// <param name="IsOver">Whether the session is over, or will be in a moment.</param>
/// <param name="InWords">How it ended, or why it did not.</param>
internal sealed record Ending(bool IsOver, string InWords)
{
    public const string WasGone = "was gone";
}
