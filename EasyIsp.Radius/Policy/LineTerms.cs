using System.Net;
using EasyIsp.Core.Packages;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// What an Access-Accept says of the line: speed, addresses, lists. The same at every login, so it is written once; a
/// customer's own address stands before the package's pool.
/// </summary>
internal static class LineTerms
{
    public static byte[] Write(int uploadKbps, int downloadKbps, AccessTerms access, IPAddress? staticAddress, IPNetwork? delegatedPrefix)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var line = PacketWriter.Loose(buffer);
        line.AddText(MikrotikAttribute.RateLimit, RateLimit.Of(uploadKbps, downloadKbps, access));
        AddNetwork(ref line, access, staticAddress, delegatedPrefix);
        return line.Attributes.ToArray();
    }

    /// <summary>All of it but the speed, in a form to be kept and compared: a running session cannot be told of it.</summary>
    public static string? NetworkOf(AccessTerms access, IPAddress? staticAddress, IPNetwork? delegatedPrefix)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var line = PacketWriter.Loose(buffer);
        AddNetwork(ref line, access, staticAddress, delegatedPrefix);
        return line.Attributes.IsEmpty ? null : Convert.ToBase64String(line.Attributes);
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

    /// <summary>Where a refused customer lands.</summary>
    public static byte[] WriteLimited(int kbps, string? addressPool, string? addressList)
        => Write(kbps, kbps, new AccessTerms { AddressPool = addressPool, AddressList = addressList }, null, null);

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
