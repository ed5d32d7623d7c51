using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>What an Access-Accept tells the router about the session that begins.</summary>
internal sealed record Welcome(
    Guid SessionId,
    string RateLimit,
    uint SessionSeconds,
    uint InterimSeconds,
    long? TotalLimitBytes,
    uint? IdleSeconds)
{
    /// <summary>
    /// The session ends with what the customer has bought, never after it. A hotspot also counts the data down; PPP has no such
    /// attribute.
    /// </summary>
    /// <param name="longest">The session ends after this time at the latest: a DHCP lease is renewed.</param>
    public static Welcome On(
        LoginDecision decision, AccessType accessType, Guid sessionId, DateTimeOffset now, TimeSpan interim, TimeSpan? hotspotIdle, TimeSpan? longest)
    {
        var terms = decision.Terms ?? throw new ArgumentException("Only who is admitted is welcome.", nameof(decision));
        var left = terms.CoveredUntil - now;
        var isHotspot = accessType is AccessType.Hotspot;
        return new Welcome(
            sessionId,
            $"{terms.UploadKbps}k/{terms.DownloadKbps}k",
            WholeSeconds(longest is { } lease && lease < left ? lease : left),
            WholeSeconds(interim),
            isHotspot ? decision.RemainingBytes : null,
            isHotspot && hotspotIdle is { } idle ? WholeSeconds(idle) : null);
    }

    /// <summary>Adds everything behind the Message-Authenticator, which stands first already.</summary>
    public void WriteTo(ref PacketWriter reply)
    {
        Span<byte> sessionId = stackalloc byte[16];
        SessionId.TryWriteBytes(sessionId, bigEndian: true, out _);
        reply.Add(AttributeType.Class, sessionId);
        reply.AddText(MikrotikAttribute.RateLimit, RateLimit);
        reply.AddUInt32(AttributeType.SessionTimeout, SessionSeconds);
        reply.AddUInt32(AttributeType.AcctInterimInterval, InterimSeconds);
        if (IdleSeconds is { } idle)
            reply.AddUInt32(AttributeType.IdleTimeout, idle);
        if (TotalLimitBytes is { } limit)
        {
            reply.AddUInt32(MikrotikAttribute.TotalLimit, (uint)(limit & uint.MaxValue));
            reply.AddUInt32(MikrotikAttribute.TotalLimitGigawords, (uint)(limit >> 32));
        }
    }

    /// <summary>Rounded down; at least one, because zero would mean no limit.</summary>
    private static uint WholeSeconds(TimeSpan time) => (uint)Math.Clamp(Math.Floor(time.TotalSeconds), 1, uint.MaxValue);
}
