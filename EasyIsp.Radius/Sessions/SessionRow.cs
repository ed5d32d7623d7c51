using System.Net;

namespace EasyIsp.Radius.Sessions;

/// <summary>A session as it is stored: open, or ended.</summary>
/// <param name="Booked">What its subscription's days hold of it; writing it books the rest.</param>
internal sealed record SessionRow(
    Guid TenantId,
    Guid Id,
    Guid RouterId,
    string NasSessionId,
    SessionOwner Owner,
    string? MacAddress,
    IPAddress? Address,
    DateTimeOffset StartedAt,
    DateTimeOffset LastHeardAt,
    long UploadedBytes,
    long DownloadedBytes,
    long SessionSeconds,
    SessionEnd? End,
    Counters Booked = default)
{
    /// <summary>Two reports whose starts differ by more are of two sessions, though their Acct-Session-Id is one.</summary>
    private static readonly TimeSpan SameStart = TimeSpan.FromMinutes(1);

    /// <summary>How much slower or faster than ours a router's clock may run: 100 parts per million.</summary>
    private const double ClockDrift = 0.0001;

    public bool IsOpen => End is null;

    /// <summary>What its subscription's days do not hold yet: of the day on which it was last heard.</summary>
    public Counters Unbooked => Owner is { SubscriptionId: not null, CustomerId: not null }
        ? new Counters(UploadedBytes - Booked.UploadedBytes, DownloadedBytes - Booked.DownloadedBytes, SessionSeconds - Booked.Seconds)
        : default;

    public static SessionRow Begin(Guid id, SessionReport report) => new(
        report.TenantId,
        id,
        report.RouterId,
        report.NasSessionId,
        report.Owner ?? new SessionOwner(report.UserName),
        report.MacAddress,
        report.Address,
        report.StartedAt,
        report.HeardAt,
        report.UploadedBytes,
        report.DownloadedBytes,
        report.SessionSeconds,
        report.End);

    /// <summary>Counters only grow, and what has ended stays ended; a real end replaces an assumed one.</summary>
    public SessionRow Merge(SessionReport report)
    {
        var isNews = report.HeardAt >= LastHeardAt;
        return this with
        {
            Owner = new SessionOwner(
                Owner.UserName,
                Owner.CustomerId ?? report.Owner?.CustomerId,
                Owner.SubscriptionId ?? report.Owner?.SubscriptionId,
                Owner.VoucherId ?? report.Owner?.VoucherId),
            MacAddress = MacAddress ?? report.MacAddress,
            Address = isNews ? report.Address ?? Address : Address ?? report.Address,
            StartedAt = report.StartedAt < StartedAt ? report.StartedAt : StartedAt,
            LastHeardAt = isNews ? report.HeardAt : LastHeardAt,
            UploadedBytes = OctetCounter.Merge(
                UploadedBytes, SessionSeconds, report.UploadedBytes, report.SessionSeconds, report.MayWrap),
            DownloadedBytes = OctetCounter.Merge(
                DownloadedBytes, SessionSeconds, report.DownloadedBytes, report.SessionSeconds, report.MayWrap),
            SessionSeconds = Math.Max(SessionSeconds, report.SessionSeconds),
            End = End is null or { Cause: null } ? report.End ?? End : End,
        };
    }

    public bool IsNamedAs(SessionReport report) => TenantId == report.TenantId
        && RouterId == report.RouterId
        && NasSessionId == report.NasSessionId
        && Owner.UserName == report.SessionUserName;

    public bool StartedWith(SessionReport report)
        => (StartedAt - report.StartedAt).Duration() <= SameStart + ClockDrift * TimeSpan.FromSeconds(report.SessionSeconds);

    /// <summary>The same customer's same device on the same router.</summary>
    public bool IsOfSameDevice(SessionReport report) => TenantId == report.TenantId
        && RouterId == report.RouterId
        && MacAddress is not null && MacAddress == report.MacAddress
        && Owner.CustomerId is not null && Owner.CustomerId == report.Owner?.CustomerId;
}

/// <summary>What a session counts.</summary>
internal readonly record struct Counters(long UploadedBytes, long DownloadedBytes, long Seconds);
