using System.Net;
using EasyIsp.Emulators.Routers.Radius;

namespace EasyIsp.Emulators.Routers;

public enum SessionService
{
    Hotspot,
    Pppoe,
}

/// <summary>Acct-Terminate-Cause (mikrotik.md 4.7).</summary>
public enum TerminateCause
{
    UserRequest = 1,
    LostCarrier = 2,
    IdleTimeout = 4,
    SessionTimeout = 5,
    AdminReset = 6,
    AdminReboot = 7,
    NasRequest = 10,
}

/// <summary>One customer online. Its counters start at 0.</summary>
public sealed class EmulatedSession
{
    private readonly Lock _gate = new();

    internal EmulatedSession(SessionService service, string rowId, RadiusCall call, SessionGrant grant, DateTimeOffset now)
    {
        (Service, RowId, Call, Grant) = (service, rowId, call, grant);
        (StartedAt, LastTrafficAt) = (now, now);
    }

    public SessionService Service { get; }

    /// <summary>Acct-Session-Id: eight lower-case hex digits (4.2, [D][M]).</summary>
    public string Id => Call.SessionId;

    public string User => Call.User;
    public string Mac => Call.Mac;
    public IPAddress Address => Call.Address!;
    public DateTimeOffset StartedAt { get; }
    public DateTimeOffset LastTrafficAt { get; private set; }
    public long BytesUp { get; private set; }
    public long BytesDown { get; private set; }

    /// <summary>As it came from the server, or by CoA since.</summary>
    public string? RateLimit => Grant.RateLimit;

    /// <summary>Session-Timeout counts from the session's start, also when a CoA changes it ([U]).</summary>
    public DateTimeOffset? EndsAt => StartedAt + Grant.SessionTimeout;

    public IReadOnlyList<string> AddressLists => Grant.AddressLists;

    /// <summary>Null while it runs.</summary>
    public TerminateCause? EndedBy { get; private set; }

    /// <summary>How a home's router comes back.</summary>
    internal Func<Task<LoginOutcome>>? Redial { get; set; }

    internal string RowId { get; }
    internal RadiusCall Call { get; }
    internal SessionGrant Grant { get; set; }
    internal DateTimeOffset? NextInterimAt { get; set; }
    internal AcctRecord? LastInterim { get; set; }

    internal string Name => Service is SessionService.Hotspot ? $"<hotspot-{User}>" : $"<pppoe-{User}>";

    internal void Carry(long up, long down, DateTimeOffset now)
    {
        lock (_gate)
            (BytesUp, BytesDown, LastTrafficAt) = (BytesUp + up, BytesDown + down, now);
    }

    /// <returns>False when it had ended before.</returns>
    internal bool TryEnd(TerminateCause cause)
    {
        lock (_gate)
        {
            if (EndedBy is not null)
                return false;

            EndedBy = cause;
            return true;
        }
    }

    /// <summary>The router notices within a second; the record says the moment itself.</summary>
    internal AcctRecord Record(AcctStatus status, DateTimeOffset now)
    {
        const int packetBytes = 1200;
        lock (_gate)
        {
            var at = EndsAt is { } end && end < now && EndedBy is TerminateCause.SessionTimeout ? end : now;
            return new AcctRecord(
                status,
                at,
                Grant.Classes,
                at - StartedAt,
                BytesUp,
                BytesDown,
                (BytesUp + packetBytes - 1) / packetBytes,
                (BytesDown + packetBytes - 1) / packetBytes,
                status is AcctStatus.Stop ? EndedBy : null);
        }
    }
}
