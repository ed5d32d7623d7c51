using System.Buffers.Binary;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.RadSec;

/// <summary>Packets in a stream follow each other without anything in between; each says its length (RFC 6613 section 2.6.4).</summary>
internal static class PacketFrame
{
    private const int LengthEnd = 4;

    /// <param name="length">Of the packet at the beginning; 0 while more of it must be waited for.</param>
    /// <returns>False when no packet can be that long, and nothing tells where the next one begins.</returns>
    public static bool TryMeasure(ReadOnlySpan<byte> stream, out int length)
    {
        length = 0;
        if (stream.Length < LengthEnd)
            return true;

        var stated = BinaryPrimitives.ReadUInt16BigEndian(stream[2..]);
        if (stated is < RadiusPacket.HeaderSize or > RadiusPacket.MaxSize)
            return false;

        length = stream.Length < stated ? 0 : stated;
        return true;
    }
}
