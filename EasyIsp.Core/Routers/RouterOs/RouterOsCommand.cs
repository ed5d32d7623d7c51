using System.Buffers;
using System.Text;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>A request sentence. Its words may hold a password, so it shows itself by its path alone.</summary>
internal sealed class RouterOsCommand(string path)
{
    private readonly List<string> _words = [path];

    /// <summary>An attribute; a flag such as <c>count-only</c> has an empty value.</summary>
    public RouterOsCommand With(string name, string value = "")
    {
        _words.Add($"={name}={value}");
        return this;
    }

    /// <summary>Asks for these properties alone: without it the router computes every slow one (mikrotik.md 1.6).</summary>
    public RouterOsCommand Only(params string[] properties) => With(".proplist", string.Join(',', properties));

    /// <summary>Several conditions must all hold.</summary>
    public RouterOsCommand Where(string name, string value)
    {
        _words.Add($"?{name}={value}");
        return this;
    }

    /// <param name="tag">Comes back on every reply; none only where requests go one at a time.</param>
    public byte[] Encode(string? tag = null)
    {
        var sentence = new ArrayBufferWriter<byte>();
        foreach (var word in _words)
            WriteWord(sentence, word);
        if (tag is not null)
            WriteWord(sentence, $".tag={tag}");
        WriteWord(sentence, "");
        return sentence.WrittenSpan.ToArray();
    }

    public override string ToString() => path;

    private static void WriteWord(ArrayBufferWriter<byte> sentence, string word)
    {
        sentence.Advance(WordLength.Write(sentence.GetSpan(WordLength.MaxSize), Encoding.UTF8.GetByteCount(word)));
        Encoding.UTF8.GetBytes(word, sentence);
    }
}
