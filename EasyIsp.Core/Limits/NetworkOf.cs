using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Core.Limits;

/// <summary>By what a network address is counted.</summary>
internal static class NetworkOf
{
    private const int PrefixLength = 64;

    public static string Address(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Prefix(address),
        _ => address.ToString(),
    };

    private static string Prefix(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[(PrefixLength / 8)..].Clear();
        return $"{new IPAddress(bytes)}/{PrefixLength}";
    }
}
