using System.Buffers.Binary;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>The length that stands before every word: one to five bytes, told by the first (mikrotik.md 1.1).</summary>
internal static class WordLength
{
    public const int MaxSize = 5;

    /// <returns>How many bytes were written to <paramref name="destination"/>, which has room for <see cref="MaxSize"/>.</returns>
    public static int Write(Span<byte> destination, int length)
    {
        var (size, marked) = length switch
        {
            < 0x80 => (1, (uint)length),
            < 0x4000 => (2, (uint)length | 0x8000),
            < 0x20_0000 => (3, (uint)length | 0xC0_0000),
            < 0x1000_0000 => (4, (uint)length | 0xE000_0000),
            _ => (5, (uint)length),
        };

        Span<byte> bytes = [0xF0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], marked);
        bytes[^size..].CopyTo(destination);
        return size;
    }

    /// <returns>The size of the whole prefix, or 0 for a control byte or an unused value: the stream can't be followed any more.</returns>
    public static int SizeFrom(byte first) => first switch
    {
        < 0x80 => 1,
        < 0xC0 => 2,
        < 0xE0 => 3,
        < 0xF0 => 4,
        0xF0 => 5,
        _ => 0,
    };

    public static uint Read(ReadOnlySpan<byte> prefix)
    {
        uint length = prefix.Length switch
        {
            1 => prefix[0],
            2 => prefix[0] & 0x3Fu,
            3 => prefix[0] & 0x1Fu,
            4 => prefix[0] & 0x0Fu,
            _ => 0,
        };
        foreach (var next in prefix[1..])
            length = (length << 8) | next;

        return length;
    }
}
