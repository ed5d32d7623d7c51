namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>One reply sentence (mikrotik.md 1.2, 1.3).</summary>
/// <param name="Text">The words that are neither attribute nor tag: <c>!fatal</c> gives its reason as a bare word.</param>
internal sealed record RouterOsReply(
    string Type,
    string? Tag,
    IReadOnlyDictionary<string, string> Attributes,
    string Text)
{
    public const string Row = "!re";
    public const string Done = "!done";
    public const string Trap = "!trap";
    public const string Fatal = "!fatal";

    private const string TagPrefix = ".tag=";

    public static RouterOsReply Parse(IReadOnlyList<string> sentence)
    {
        string? tag = null;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = new List<string>();

        foreach (var word in sentence.Skip(1))
        {
            if (word.StartsWith(TagPrefix, StringComparison.Ordinal))
                tag = word[TagPrefix.Length..];
            else if (word.StartsWith('=') && word.IndexOf('=', 1) is > 0 and var separator)
                attributes[word[1..separator]] = word[(separator + 1)..];
            else
                text.Add(word);
        }

        return new RouterOsReply(sentence[0], tag, attributes, string.Join(' ', text));
    }

    /// <summary>What a <c>!trap</c> or <c>!fatal</c> says, whichever way it says it.</summary>
    public string Reason => Attributes.GetValueOrDefault("message") ?? Text;

    public RouterOsException ToRefusal() => new(
        RouterOsFailure.Refused,
        Reason,
        category: RouterOsValue.Number(Attributes.GetValueOrDefault("category")) is { } number ? (RouterOsErrorCategory)number : null);

    // The attributes may be somebody's password (hotspot users, PPP secrets).
    public override string ToString() => Type;
}
