using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Process;

/// <summary>An Accounting-Request as values.</summary>
/// <param name="SessionId">Our Class, where the router sent it back; another server's is of another length or means nothing.</param>
/// <param name="IsLimited">Its Class says that the customer had been refused, and let in as far as a page that says so.</param>
/// <param name="MayWrap">The router counts to 32 bits and says nothing of gigawords: its counters begin again at 4 GiB.</param>
/// <param name="SentAt">
/// Arrival less Acct-Delay-Time (at most a day). Event-Timestamp is not used: a router's clock is wrong until it is set.
/// </param>
internal sealed record AccountingRecord(
    AcctStatusType Status,
    Guid? SessionId,
    bool IsLimited,
    string NasSessionId,
    string UserName,
    string? MacAddress,
    IPAddress? Address,
    DateTimeOffset SentAt,
    long UploadedBytes,
    long DownloadedBytes,
    long SessionSeconds,
    int? TerminateCause,
    bool MayWrap)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    /// <summary>A Stop that names no cause is a Stop all the same: without any, the end would count as assumed.</summary>
    private const int NoCauseGiven = 0;

    /// <summary>No session runs for longer; a larger Acct-Session-Time must not lead before the beginning of time.</summary>
    private const long MaxSeconds = 10L * 366 * 86_400;

    /// <returns>False when it does not say what it reports, or which session of whom.</returns>
    public static bool TryRead(in RadiusPacket request, DateTimeOffset receivedAt, [NotNullWhen(true)] out AccountingRecord? record)
    {
        record = null;
        if (!request.TryGetUInt32(AttributeType.AcctStatusType, out var status))
            return false;

        var nasSessionId = WireText.Read(request, AttributeType.AcctSessionId);
        var userName = WireText.Read(request, AttributeType.UserName);
        var isOfSession = (AcctStatusType)status is AcctStatusType.Start or AcctStatusType.InterimUpdate or AcctStatusType.Stop;
        if (isOfSession && (string.IsNullOrEmpty(nasSessionId) || string.IsNullOrEmpty(userName)))
            return false;

        var sessionId = ClassOf(request, out var isLimited);
        record = new AccountingRecord(
            (AcctStatusType)status,
            sessionId,
            isLimited,
            nasSessionId ?? "",
            userName ?? "",
            CallingStation.MacAddressOf(request),
            AddressOf(request),
            receivedAt - DelayOf(request),
            Octets(request, AttributeType.AcctInputOctets, AttributeType.AcctInputGigawords),
            Octets(request, AttributeType.AcctOutputOctets, AttributeType.AcctOutputGigawords),
            request.TryGetUInt32(AttributeType.AcctSessionTime, out var seconds) ? Math.Min(seconds, MaxSeconds) : 0,
            request.TryGetUInt32(AttributeType.AcctTerminateCause, out var cause) && cause <= int.MaxValue ? (int)cause : null,
            MayWrapIn(request));
        return true;
    }

    /// <param name="owner">Null where it is not known without asking the database.</param>
    public SessionReport ReportOf(Guid tenantId, Guid routerId, SessionOwner? owner) => new(
        tenantId,
        routerId,
        SessionId,
        NasSessionId,
        owner?.UserName ?? UserName,
        owner,
        MacAddress,
        Address,
        SentAt - TimeSpan.FromSeconds(SessionSeconds),
        SentAt,
        UploadedBytes,
        DownloadedBytes,
        SessionSeconds,
        Status is AcctStatusType.Start,
        Status is AcctStatusType.Stop ? new SessionEnd(SentAt, TerminateCause ?? NoCauseGiven) : null,
        MayWrap,
        IsLimited);

    private static bool MayWrapIn(in RadiusPacket request)
        => request.Has(AttributeType.AcctInputOctets) && request.Has(AttributeType.AcctOutputOctets)
            && !request.Has(AttributeType.AcctInputGigawords) && !request.Has(AttributeType.AcctOutputGigawords);

    private static Guid? ClassOf(in RadiusPacket request, out bool isLimited)
    {
        foreach (var attribute in request.All(AttributeType.Class))
        {
            if (SessionClass.TryRead(attribute.Value, out var sessionId, out isLimited))
                return sessionId;
        }

        isLimited = false;
        return null;
    }

    private static IPAddress? AddressOf(in RadiusPacket request)
    {
        if (!request.TryGetIPv4(AttributeType.FramedIPAddress, out var address))
            return null;

        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, address);
        return new IPAddress(octets);
    }

    private static TimeSpan DelayOf(in RadiusPacket request)
    {
        request.TryGetUInt32(AttributeType.AcctDelayTime, out var seconds);
        var delay = TimeSpan.FromSeconds(seconds);
        return delay < MaxDelay ? delay : MaxDelay;
    }

    /// <summary>64 bits in two attributes (RFC 2869 section 5.1), kept within what the database counts to.</summary>
    private static long Octets(in RadiusPacket request, AttributeType low, AttributeType high)
    {
        request.TryGetUInt32(low, out var octets);
        request.TryGetUInt32(high, out var gigawords);
        return (long)Math.Min(((ulong)gigawords << 32) | octets, long.MaxValue / 4);
    }
}
