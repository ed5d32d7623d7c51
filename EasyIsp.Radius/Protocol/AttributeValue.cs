using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Radius.Protocol;

/// <summary>Values that take more than a glance to read.</summary>
internal static class AttributeValue
{
    private const int IPv6Size = 16;

    /// <summary>
    /// Reserved octet, prefix length, prefix (RFC 3162 section 2.3). False when the prefix is shorter than its length needs,
    /// longer than 128 bits, or has bits set behind its length.
    /// </summary>
    public static bool TryReadIPv6Prefix(ReadOnlySpan<byte> octets, out IPNetwork prefix)
    {
        prefix = default;
        if (octets.Length is < 2 or > 2 + IPv6Size)
            return false;

        var bits = octets[1];
        Span<byte> address = stackalloc byte[IPv6Size];
        address.Clear();
        octets[2..].CopyTo(address);
        if (bits > 128 || octets.Length - 2 < (bits + 7) / 8)
            return false;

        var beyond = bits == 0 ? UInt128.MaxValue : ~(UInt128.MaxValue << (128 - bits));
        if ((BinaryPrimitives.ReadUInt128BigEndian(address) & beyond) != 0)
            return false;

        prefix = new IPNetwork(new IPAddress(address), bits);
        return prefix.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
    }
}
