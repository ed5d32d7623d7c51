using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>What an Access-Accept tells the router about the session that begins.</summary>
/// <param name="Line">See <see cref="LineTerms"/>.</param>
/// <param name="Extras">What the tenant has added.</param>
internal sealed record Welcome(
    Guid SessionId,
    byte[] Line,
    uint SessionSeconds,
    uint InterimSeconds,
    long? TotalLimitBytes,
    uint? IdleSeconds,
    ExtraAttributes Extras,
    bool IsLimited = false)
{
    /// <summary>
    /// The session ends with what the customer has bought, never after it. A hotspot also counts the data down; PPP has no such
    /// attribute.
    /// </summary>
    /// <param name="longest">The session ends after this time at the latest: a DHCP lease is renewed.</param>
    /// <param name="ofRouter">What the tenant has added for all logins at this router.</param>
    public static Welcome On(
        LoginDecision decision, AccessType accessType, Guid sessionId, DateTimeOffset now, TimeSpan interim, TimeSpan? hotspotIdle,
        TimeSpan? longest, ExtraAttributes ofRouter)
    {
        var terms = decision.Terms ?? throw new ArgumentException("Only who is admitted is welcome.", nameof(decision));
        var isHotspot = accessType is AccessType.Hotspot;
        return new Welcome(
            sessionId,
            terms.Line.Octets,
            WholeSeconds(Shorter(decision.EndsAt - now, longest)),
            WholeSeconds(interim),
            isHotspot ? decision.RemainingBytes : null,
            isHotspot && hotspotIdle is { } idle ? WholeSeconds(idle) : null,
            terms.Extras.Over(ofRouter));
    }

    /// <summary>A refused customer's, who is let in as far as the page that tells him why.</summary>
    /// <inheritdoc cref="On" path="/param"/>
    public static Welcome Limited(LimitedTerms terms, Guid sessionId, TimeSpan interim, TimeSpan? longest, ExtraAttributes ofRouter)
        => new(sessionId, terms.Line, WholeSeconds(Shorter(terms.Length, longest)), WholeSeconds(interim), null, null, ofRouter, IsLimited: true);

    /// <summary>Adds everything behind the Message-Authenticator, which stands first already.</summary>
    public void WriteTo(ref PacketWriter reply)
    {
        Span<byte> sessionClass = stackalloc byte[SessionClass.MaxSize];
        reply.Add(AttributeType.Class, sessionClass[..SessionClass.Write(SessionId, IsLimited, sessionClass)]);
        reply.AddPrepared(Line);
        reply.AddUInt32(AttributeType.SessionTimeout, SessionSeconds);
        reply.AddUInt32(AttributeType.AcctInterimInterval, InterimSeconds);
        if (IdleSeconds is { } idle)
            reply.AddUInt32(AttributeType.IdleTimeout, idle);
        if (TotalLimitBytes is { } limit)
        {
            reply.AddUInt32(MikrotikAttribute.TotalLimit, (uint)(limit & uint.MaxValue));
            reply.AddUInt32(MikrotikAttribute.TotalLimitGigawords, (uint)(limit >> 32));
        }

        Extras.WriteTo(ref reply);
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan? longest) => longest is { } most && most < left ? most : left;

    /// <summary>Rounded down; at least one, because zero would mean no limit.</summary>
    private static uint WholeSeconds(TimeSpan time) => (uint)Math.Clamp(Math.Floor(time.TotalSeconds), 1, uint.MaxValue);
}
