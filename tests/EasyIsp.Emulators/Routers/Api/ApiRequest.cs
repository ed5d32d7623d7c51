namespace EasyIsp.Emulators.Routers.Api;

/// <summary>A request sentence by kinds of words (mikrotik.md 1.2, [D]).</summary>
internal sealed record ApiRequest(
    string Command,
    string? Tag,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Queries)
{
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    public static ApiRequest Parse(IReadOnlyList<string> sentence)
    {
        const string tagPrefix = ".tag=";
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in sentence.Skip(1).Where(word => word.StartsWith('=')))
        {
            var parts = word[1..].Split('=', 2);
            attributes[parts[0]] = parts.ElementAtOrDefault(1) ?? "";
        }

        return new ApiRequest(
            sentence[0],
            sentence.FirstOrDefault(word => word.StartsWith(tagPrefix, StringComparison.Ordinal))?[tagPrefix.Length..],
            attributes,
            [.. sentence.Skip(1).Where(word => word.StartsWith('?')).Select(word => word[1..])]);
    }

    /// <exception cref="ApiTrapException">The attribute is missing.</exception>
    public string Required(string attribute)
        => this[attribute] ?? throw new ApiTrapException($"missing ={attribute}=");

    /// <exception cref="ApiTrapException">An attribute the command does not know.</exception>
    public void Allow(params string[] known)
    {
        if (Attributes.Keys.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new ApiTrapException($"unknown parameter {unknown}");
    }
}

/// <summary>Ends a command with <c>!trap</c> and <c>!done</c>; texts are those of mikrotik.md 1.8 ([M]) where it has one.</summary>
internal sealed class ApiTrapException(string message, int? category = null) : Exception(message)
{
    public int? Category { get; } = category;
}
