using EasyIsp.Core.Shared;

namespace EasyIsp.Radius.Protocol;

/// <summary>Who is calling (RFC 2865 section 5.31): mostly the hardware address of a device.</summary>
internal static class CallingStation
{
    /// <summary>What RouterOS's DHCP server puts before the address: a client identifier's hardware type, Ethernet (RFC 2132).</summary>
    private const string EthernetType = "1:";

    /// <returns>Null when Calling-Station-Id is missing or no hardware address: a VPN client's is its IP address.</returns>
    public static string? MacAddressOf(in RadiusPacket packet)
    {
        var text = WireText.Read(packet, AttributeType.CallingStationId);
        return text is not null && text.StartsWith(EthernetType, StringComparison.Ordinal)
            ? MacAddress.Normalize(text[EthernetType.Length..]) ?? MacAddress.Normalize(text)
            : MacAddress.Normalize(text);
    }
}
