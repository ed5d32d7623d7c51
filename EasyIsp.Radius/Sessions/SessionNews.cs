using System.Net;

namespace EasyIsp.Radius.Sessions;

/// <summary>Something that changes what is known of sessions; written in the order in which it came.</summary>
internal abstract record SessionNews(Guid TenantId, Guid RouterId);

/// <summary>
/// What one Start, Interim or Stop says of its session, or several of them together. All are merged alike, so their order
/// does not matter.
/// </summary>
/// <param name="SessionId">The Class of our Accept, where the router sent it back.</param>
/// <param name="NasSessionId">Acct-Session-Id.</param>
/// <param name="UserName">As the router spells it, where the owner is not known; it may be a voucher's code, which is money.</param>
/// <param name="Owner">Null until it was asked after.</param>
/// <param name="StartedAt">Told by the report's own time and Acct-Session-Time.</param>
/// <param name="HeardAt">When it was sent: our clock less Acct-Delay-Time, since routers' clocks are wrong until they are set.</param>
/// <param name="IsStart">Whether the device came on with it: what it left behind on this router before is a ghost.</param>
/// <param name="End">Set by a Stop.</param>
/// <param name="MayWrap">Its counters have 32 bits: see <see cref="OctetCounter"/>.</param>
/// <param name="IsLimited">The customer was refused, and let in as far as a page that says so: it is no use of what he bought.</param>
internal sealed record SessionReport(
    Guid TenantId,
    Guid RouterId,
    Guid? SessionId,
    string NasSessionId,
    string UserName,
    SessionOwner? Owner,
    string? MacAddress,
    IPAddress? Address,
    DateTimeOffset StartedAt,
    DateTimeOffset HeardAt,
    long UploadedBytes,
    long DownloadedBytes,
    long SessionSeconds,
    bool IsStart,
    SessionEnd? End,
    bool MayWrap = false,
    bool IsLimited = false) : SessionNews(TenantId, RouterId)
{
    /// <summary>What the session is stored under.</summary>
    public string SessionUserName => Owner?.UserName ?? UserName;

    public bool IsInterim => !IsStart && End is null;

    public bool HasTraffic => UploadedBytes > 0 || DownloadedBytes > 0 || SessionSeconds > 0;

    public Place PlaceOf(Guid sessionId, Guid customerId)
        => new(TenantId, customerId, sessionId, RouterId, MacAddress, StartedAt) { Owner = Owner, HasStarted = true };

    public override string ToString() => $"{NasSessionId} of router {RouterId}";
}

/// <summary>Accounting-On or -Off: whatever was open on the router by then has ended.</summary>
internal sealed record RouterRestarted(Guid TenantId, Guid RouterId, DateTimeOffset At, int Cause) : SessionNews(TenantId, RouterId);

/// <summary>We know that a session is over although its Stop has not come.</summary>
/// <param name="EndedAt">Null: when it was last heard.</param>
internal sealed record SessionCut(Guid TenantId, Guid RouterId, Guid SessionId, DateTimeOffset? EndedAt) : SessionNews(TenantId, RouterId);

/// <param name="Cause">Acct-Terminate-Cause; null when no Stop told it.</param>
internal sealed record SessionEnd(DateTimeOffset At, int? Cause);
