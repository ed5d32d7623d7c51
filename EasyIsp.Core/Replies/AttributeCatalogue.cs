namespace EasyIsp.Core.Replies;

/// <summary>
/// The RADIUS attributes that are known by name. Its entries are made of the RADIUS worker's dictionary at build time, so
/// that the console and the worker never know different ones.
/// </summary>
public static class AttributeCatalogue
{
    private static readonly Dictionary<string, CatalogueAttribute> ByName = DictionaryEntries.All.ToDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that a tenant may add to an Access-Accept, in the order of their names.</summary>
    public static IReadOnlyList<CatalogueAttribute> Addable { get; } =
        [.. DictionaryEntries.All.Where(entry => ReplyRules.WhyNot(entry) is null).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    /// <param name="name">The public name, as in <c>Filter-Id</c>; capitals do not matter.</param>
    public static CatalogueAttribute? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name.Trim());
}

/// <param name="Vendor">IANA private enterprise number; null for a standard attribute.</param>
/// <param name="Values">The names of its numbers, where they have names.</param>
public sealed record CatalogueAttribute(
    string Name, uint? Vendor, byte Number, AttributeKind Kind, IReadOnlyDictionary<string, uint>? Values);

/// <summary>What kind of value an attribute holds: the dictionary's kinds.</summary>
public enum AttributeKind
{
    Octets,
    Text,
    Number,
    Time,
    IPv4,
    IPv6,
    IPv6Prefix,
    InterfaceId,
    Secret,
    Vendor,
}
