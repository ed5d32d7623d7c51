using System.Text;

namespace EasyIsp.Emulators.Routers.Api;

/// <summary>Words and sentences (mikrotik.md 1.1, [D]); written apart from the product's codec, which is tested against it.</summary>
internal static class ApiWire
{
    private const int MaxWordBytes = 1 << 20;

    /// <summary>Null when the peer closed, or sent a control byte, after which nothing can be read.</summary>
    public static async Task<IReadOnlyList<string>?> ReadSentenceAsync(Stream stream, CancellationToken cancellationToken)
    {
        var words = new List<string>();
        while (await ReadWordAsync(stream, cancellationToken) is { } word)
        {
            if (word.Length > 0)
                words.Add(word);
            else if (words.Count > 0)
                return words;
        }

        return null;
    }

    public static byte[] Encode(IEnumerable<string> words)
    {
        using var sentence = new MemoryStream();
        foreach (var word in words)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            sentence.Write(Length(bytes.Length));
            sentence.Write(bytes);
        }

        sentence.WriteByte(0);
        return sentence.ToArray();
    }

    private static byte[] Length(int length) => length switch
    {
        < 0x80 => [(byte)length],
        < 0x4000 => [(byte)(0x80 | (length >> 8)), (byte)length],
        < 0x200000 => [(byte)(0xC0 | (length >> 16)), (byte)(length >> 8), (byte)length],
        _ => [(byte)(0xE0 | (length >> 24)), (byte)(length >> 16), (byte)(length >> 8), (byte)length],
    };

    private static async Task<string?> ReadWordAsync(Stream stream, CancellationToken cancellationToken)
    {
        var four = new byte[4];
        if (await stream.ReadAsync(four.AsMemory(0, 1), cancellationToken) == 0 || four[0] > 0xF0)
            return null;

        var (more, mask) = four[0] switch
        {
            < 0x80 => (0, 0x7F),
            < 0xC0 => (1, 0x3F),
            < 0xE0 => (2, 0x1F),
            < 0xF0 => (3, 0x0F),
            _ => (4, 0),
        };
        uint length = (uint)(four[0] & mask);
        await stream.ReadExactlyAsync(four.AsMemory(0, more), cancellationToken);
        for (var i = 0; i < more; i++)
            length = (length << 8) | four[i];
        if (length > MaxWordBytes)
            return null;

        var word = new byte[length];
        await stream.ReadExactlyAsync(word, cancellationToken);
        return Encoding.UTF8.GetString(word);
    }
}
