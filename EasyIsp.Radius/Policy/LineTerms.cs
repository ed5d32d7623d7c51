using System.Collections.Concurrent;
using System.Net;
using EasyIsp.Core.Packages;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// What an Access-Accept says of the line: speed, addresses, lists. The same at every login, so it is written once; a
/// customer's own address stands before the package's pool.
/// </summary>
internal sealed class LineTerms
{
    private const int MostSpeeds = 10_000;

    /// <summary>Lines that are a speed and nothing else: all customers of a package share one.</summary>
    private static readonly ConcurrentDictionary<string, LineTerms> Plain = new(StringComparer.Ordinal);

    private LineTerms(string rateLimit, byte[] octets, string? network) => (RateLimit, Octets, Network) = (rateLimit, octets, network);

    /// <summary>Mikrotik-Rate-Limit.</summary>
    public string RateLimit { get; }

    /// <summary>All of it, as it stands in the packet.</summary>
    public byte[] Octets { get; }

    /// <summary>All of it but the speed, to be kept and compared, since no running session can be told of it; null where there is nothing.</summary>
    public string? Network { get; }

    public static LineTerms Of(int uploadKbps, int downloadKbps, AccessTerms access, IPAddress? staticAddress, IPNetwork? delegatedPrefix)
    {
        var rate = Core.Packages.RateLimit.Of(uploadKbps, downloadKbps, access);
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var network = PacketWriter.Loose(buffer);
        AddNetwork(ref network, access, staticAddress, delegatedPrefix);
        if (!network.Attributes.IsEmpty)
            return new LineTerms(rate, [.. RateOf(rate), .. network.Attributes], Convert.ToBase64String(network.Attributes));

        if (Plain.Count > MostSpeeds)
            Plain.Clear();
        return Plain.GetOrAdd(rate, static rate => new LineTerms(rate, RateOf(rate), network: null));
    }

    /// <summary>Where a refused customer lands.</summary>
    public static LineTerms Limited(int kbps, string? addressPool, string? addressList)
        => Of(kbps, kbps, new AccessTerms { AddressPool = addressPool, AddressList = addressList }, null, null);

    private static byte[] RateOf(string rate)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var line = PacketWriter.Loose(buffer);
        line.AddText(MikrotikAttribute.RateLimit, rate);
        return line.Attributes.ToArray();
    }

    private static void AddNetwork(ref PacketWriter line, AccessTerms access, IPAddress? staticAddress, IPNetwork? delegatedPrefix)
    {
        if (staticAddress is not null)
            line.AddIPv4(AttributeType.FramedIPAddress, staticAddress);
        else if (access.AddressPool is { } pool)
            line.AddText(AttributeType.FramedPool, pool);
        if (access.AddressList is { } list)
            line.AddText(MikrotikAttribute.AddressList, list);
        if (access.VlanId is { } vlan)
            line.AddUInt32(MikrotikAttribute.WirelessVlanid, (uint)vlan);
        AddIPv6(ref line, access, delegatedPrefix);
    }

    /// <summary>RouterOS knows the pool of RFC 6911 and an older one of its own; either is passed over where it is unknown.</summary>
    private static void AddIPv6(ref PacketWriter line, AccessTerms access, IPNetwork? delegatedPrefix)
    {
        if (access.IPv6Pool is { } pool)
            line.AddText(AttributeType.FramedIPv6Pool, pool);
        if (delegatedPrefix is { } prefix)
        {
            line.AddIPv6Prefix(AttributeType.DelegatedIPv6Prefix, prefix);
        }
        else if (access.DelegatedIPv6Pool is { } delegatedPool)
        {
            line.AddText(AttributeType.DelegatedIPv6PrefixPool, delegatedPool);
            line.AddText(MikrotikAttribute.DelegatedIPv6Pool, delegatedPool);
        }
    }
}
