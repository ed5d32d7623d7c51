using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// Where a datagram came from, as a value that is compared and hashed without an object. IPv4 is kept as IPv4-mapped
/// IPv6, so that a NAS is the same through an IPv4 and a dual-stack socket.
/// </summary>
internal readonly record struct PeerEndpoint(UInt128 Address, ushort Port, uint ScopeId)
{
    private static readonly UInt128 MappedPrefix = new(0, 0x0000_FFFF_0000_0000);

    // Offsets in sockaddr_in and sockaddr_in6; these are the same on Linux, Windows and macOS.
    private const int PortOffset = 2;
    private const int IPv4AddressOffset = 4;
    private const int IPv6AddressOffset = 8;
    private const int ScopeOffset = 24;

    public static PeerEndpoint From(SocketAddress socketAddress)
    {
        var octets = socketAddress.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(octets[PortOffset..]);
        if (socketAddress.Family is AddressFamily.InterNetwork)
        {
            var address = BinaryPrimitives.ReadUInt32BigEndian(octets[IPv4AddressOffset..]);
            return new PeerEndpoint(MappedPrefix | address, port, ScopeId: 0);
        }

        return new PeerEndpoint(
            BinaryPrimitives.ReadUInt128BigEndian(octets[IPv6AddressOffset..]),
            port,
            BitConverter.ToUInt32(octets[ScopeOffset..]));
    }

    public static PeerEndpoint From(IPEndPoint endpoint) => From(endpoint.Serialize());

    /// <summary>An IPv4 address for what came by IPv4, by whichever socket.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, Address);
        return (Address >> 32) == (MappedPrefix >> 32)
            ? new IPAddress(octets[12..])
            : new IPAddress(octets, ScopeId);
    }

    public override string ToString() => new IPEndPoint(ToIPAddress(), Port).ToString();
}
