using System.Net;
using EasyIsp.Emulators.Routers.Radius;

namespace EasyIsp.Emulators.Routers;

/// <summary>What an Access-Accept gives (mikrotik.md 4.3); absent attributes leave the router's own values in place.</summary>
internal sealed record SessionGrant(
    TimeSpan? SessionTimeout,
    TimeSpan? IdleTimeout,
    TimeSpan? InterimInterval,
    string? RateLimit,
    long? TotalLimitBytes,
    IPAddress? FramedAddress,
    IReadOnlyList<string> AddressLists,
    IReadOnlyList<byte[]> Classes)
{
    public static SessionGrant From(RadiusPacket accept) => new(
        Seconds(accept.Number(Attr.SessionTimeout)),
        Seconds(accept.Number(Attr.IdleTimeout)),
        Seconds(accept.Number(Attr.AcctInterimInterval)),
        accept.MikrotikTexts(Vendor.RateLimit).FirstOrDefault(),
        TotalLimit(accept),
        Fixed(accept.Address(Attr.FramedIpAddress)),
        // Several instances make several lists ([U]).
        [.. accept.MikrotikTexts(Vendor.AddressList)],
        [.. accept.All(Attr.Class)]);

    /// <summary>What a CoA-Request may change while the session runs; IP, lists and totals it may not (4.8, [D]).</summary>
    /// <param name="elapsed">Put before a changed Session-Timeout, where that counts from the order.</param>
    public SessionGrant ChangedBy(RadiusPacket order, TimeSpan elapsed) => this with
    {
        SessionTimeout = elapsed + Seconds(order.Number(Attr.SessionTimeout)) ?? SessionTimeout,
        IdleTimeout = Seconds(order.Number(Attr.IdleTimeout)) ?? IdleTimeout,
        RateLimit = order.MikrotikTexts(Vendor.RateLimit).FirstOrDefault() ?? RateLimit,
    };

    private static TimeSpan? Seconds(uint? seconds) => seconds is > 0 and { } s ? TimeSpan.FromSeconds(s) : null;

    private static long? TotalLimit(RadiusPacket accept)
    {
        var low = accept.MikrotikNumber(Vendor.TotalLimit);
        var high = accept.MikrotikNumber(Vendor.TotalLimitGigawords);
        return low is null && high is null ? null : ((long)(high ?? 0) << 32) + (low ?? 0);
    }

    /// <summary>An address in 127/8 or 224/3 means: from the pool.</summary>
    private static IPAddress? Fixed(IPAddress? address)
        => address is null || address.GetAddressBytes()[0] is 127 or >= 224 ? null : address;
}
