using System.Text;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>Cuts the byte stream into sentences (mikrotik.md 1.1). One reader at a time.</summary>
/// <param name="stream">Buffered: it is read byte by byte where lengths begin.</param>
internal sealed class SentenceReader(Stream stream)
{
    private const int MaxWordBytes = 16 * 1024 * 1024;
    private const int MaxWords = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _prefix = new byte[WordLength.MaxSize];

    /// <summary>The next sentence with at least one word; null when the router closed between two sentences.</summary>
    /// <exception cref="EndOfStreamException">The router closed inside a sentence.</exception>
    /// <exception cref="InvalidDataException">These bytes are no RouterOS API.</exception>
    public async Task<IReadOnlyList<string>?> ReadAsync(CancellationToken cancellationToken)
    {
        var words = new List<string>();
        while (await stream.ReadAsync(_prefix.AsMemory(0, 1), cancellationToken) == 1)
        {
            var word = await ReadWordAsync(cancellationToken);
            if (word.Length > 0)
                words.Add(word);
            else if (words.Count > 0)
                return words;

            if (words.Count > MaxWords)
                throw new InvalidDataException($"A sentence of more than {MaxWords} words.");
        }

        return words.Count == 0 ? null : throw new EndOfStreamException();
    }

    /// <summary>The word whose prefix begins with the byte that was just read.</summary>
    private async Task<string> ReadWordAsync(CancellationToken cancellationToken)
    {
        var size = WordLength.SizeFrom(_prefix[0]);
        if (size == 0)
            throw new InvalidDataException($"0x{_prefix[0]:X2} begins no word.");

        await stream.ReadExactlyAsync(_prefix.AsMemory(1, size - 1), cancellationToken);
        var length = WordLength.Read(_prefix.AsSpan(0, size));
        if (length > MaxWordBytes)
            throw new InvalidDataException($"A word of {length} bytes.");

        var word = new byte[length];
        await stream.ReadExactlyAsync(word, cancellationToken);
        return Decode(word);
    }

    /// <summary>Words are raw bytes: v7 writes UTF-8, old WinBox wrote its PC's code page (mikrotik.md 1.7).</summary>
    private static string Decode(byte[] word)
    {
        try
        {
            return StrictUtf8.GetString(word);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(word);
        }
    }
}
