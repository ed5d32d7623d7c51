using EasyIsp.Core.Replies;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>What a tenant has added to an Access-Accept, as it stands in the packet; the values of one name together.</summary>
internal sealed class ExtraAttributes
{
    private readonly IReadOnlyList<Group> _groups;

    private ExtraAttributes(IReadOnlyList<Group> groups) => _groups = groups;

    public static ExtraAttributes None { get; } = new([]);

    /// <param name="pairs"><c>Name=value</c>; what the dictionary no longer knows is left out.</param>
    public static ExtraAttributes Of(IReadOnlyCollection<string> pairs)
    {
        var groups = new List<Group>();
        foreach (var (name, octets) in pairs.Select(Encode).OfType<(string, byte[])>())
        {
            var index = groups.FindIndex(group => group.Name == name);
            if (index < 0)
                groups.Add(new Group(name, octets));
            else
                groups[index] = new Group(name, [.. groups[index].Octets, .. octets]);
        }

        return groups.Count == 0 ? None : new ExtraAttributes(groups);
    }

    /// <summary>These, and of the others those whose names are not among these.</summary>
    public ExtraAttributes Over(ExtraAttributes others)
        => others._groups.Count == 0 ? this : _groups.Count == 0 ? others : new ExtraAttributes([.. _groups, .. others._groups.Where(IsMissing)]);

    public void WriteTo(ref PacketWriter reply)
    {
        foreach (var group in _groups)
            reply.AddPrepared(group.Octets);
    }

    private bool IsMissing(Group other) => _groups.All(group => group.Name != other.Name);

    private static (string Name, byte[] Octets)? Encode(string pair)
    {
        var split = pair.IndexOf('=', StringComparison.Ordinal);
        if (split < 0 || AttributeCatalogue.Find(pair[..split]) is not { } attribute || ReplyRules.WhyNot(attribute) is not null
            || ReplyValue.Encode(attribute, pair[(split + 1)..]) is not { } value)
            return null;

        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var writer = PacketWriter.Loose(buffer);
        if (attribute.Vendor is { } vendor)
            writer.AddVendor((VendorId)vendor, attribute.Number, value);
        else
            writer.Add((AttributeType)attribute.Number, value);
        return (attribute.Name, writer.Attributes.ToArray());
    }

    private sealed record Group(string Name, byte[] Octets);
}
