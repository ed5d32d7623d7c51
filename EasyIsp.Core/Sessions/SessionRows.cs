using System.Net;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Sessions;

/// <param name="Search">The start of a user name, a hardware or IP address, or whatever finds a customer.</param>
/// <param name="From">With <paramref name="Until"/>: of ended sessions those that ran at any time between them.</param>
public sealed record SessionQuery(
    PageOf Page,
    string? Search = null,
    Guid? RouterId = null,
    Guid? CustomerId = null,
    SessionSort Sort = SessionSort.Started,
    bool Descending = true,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null);

public enum SessionSort
{
    Started,
    UserName,
    Router,
    Traffic,
}

/// <param name="EndedAt">Null while it is open.</param>
/// <param name="TerminateCause">Acct-Terminate-Cause (RFC 2866, 5.10); null when it was closed for its silence.</param>
public sealed record SessionRow(
    Guid Id,
    string UserName,
    Guid? CustomerId,
    string? CustomerName,
    Guid RouterId,
    string RouterName,
    string? MacAddress,
    IPAddress? Address,
    DateTimeOffset StartedAt,
    DateTimeOffset LastHeardAt,
    long UploadedBytes,
    long DownloadedBytes,
    DateTimeOffset? EndedAt = null,
    int? TerminateCause = null)
{
    /// <summary>Of an open session, until <paramref name="now"/>.</summary>
    public TimeSpan DurationAt(DateTimeOffset now) => (EndedAt ?? now) - StartedAt;
}

/// <summary>How many are online at a router now.</summary>
public sealed record RouterOnline(Guid RouterId, string RouterName, int Online);
