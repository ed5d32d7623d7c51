using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>Packets as people write them down.</summary>
internal static class Wire
{
    public static readonly SharedSecret Secret = new("testing123");
    public static readonly byte[] Authenticator = Hex("000102030405060708090a0b0c0d0e0f");

    public static byte[] Hex(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));

    public static RadiusPacket Read(ReadOnlySpan<byte> datagram)
    {
        Assert.True(RadiusPacket.TryRead(datagram, out var packet, out var fault), fault.ToString());
        return packet;
    }

    public static PacketFault FaultOf(ReadOnlySpan<byte> datagram)
    {
        RadiusPacket.TryRead(datagram, out _, out var fault);
        return fault;
    }

    /// <summary>A packet of these attributes with a right length; unsigned.</summary>
    public static byte[] Packet(PacketCode code, params string[] attributes)
    {
        byte[] octets = [(byte)code, 1, 0, 0, .. Authenticator, .. Hex(string.Concat(attributes))];
        octets[2] = (byte)(octets.Length >> 8);
        octets[3] = (byte)octets.Length;
        return octets;
    }

    public static byte[] Attribute(AttributeType type, int size)
        => [(byte)type, (byte)(size + 2), .. Enumerable.Repeat((byte)'x', size)];

    public static string Attribute(AttributeType type, string hex)
        => $"{(byte)type:x2}{(hex.Length / 2) + 2:x2}{hex}";
}
