using System.Net;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Routers;

/// <summary>An address or a range of them, IPv4 as IPv4-mapped IPv6, as <see cref="PeerEndpoint"/> has it.</summary>
/// <param name="First">With zeros behind the prefix.</param>
internal readonly record struct AddressRange(UInt128 First, int PrefixLength)
{
    public const int OneAddress = 128;
    private const int MappedBits = 96;

    public static AddressRange Of(IPAddress address) => new(NumberOf(address), OneAddress);

    public static AddressRange Of(IPNetwork network)
    {
        var isIPv4 = network.BaseAddress.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork;
        return Around(NumberOf(network.BaseAddress), isIPv4 ? network.PrefixLength + MappedBits : network.PrefixLength);
    }

    public static AddressRange Around(UInt128 address, int prefixLength) => new(address & MaskOf(prefixLength), prefixLength);

    private static UInt128 MaskOf(int prefixLength) => prefixLength == 0 ? UInt128.Zero : UInt128.MaxValue << (OneAddress - prefixLength);

    private static UInt128 NumberOf(IPAddress address) => PeerEndpoint.From(new IPEndPoint(address, 0)).Address;
}
