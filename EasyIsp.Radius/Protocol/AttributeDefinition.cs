namespace EasyIsp.Radius.Protocol;

/// <summary>What kind of value an attribute holds (RFC 8044 names more; these are the ones in use).</summary>
internal enum AttributeKind
{
    Octets,

    /// <summary>Meant to be UTF-8; nothing on the wire makes it so.</summary>
    Text,

    /// <summary>Unsigned, of four octets or eight.</summary>
    Number,

    /// <summary>Seconds since 1970.</summary>
    Time,
    IPv4,
    IPv6,
    IPv6Prefix,
    InterfaceId,

    /// <summary>A password, what is made of one, or a key: never printed.</summary>
    Secret,

    /// <summary>Holds a vendor's attributes.</summary>
    Vendor,
}

/// <summary>What the dictionary says of one attribute.</summary>
/// <param name="Name">The public name, as in <c>NAS-IP-Address</c>.</param>
/// <param name="Values">The names of its numbers, where they have names.</param>
internal sealed record AttributeDefinition(
    string Name, AttributeKind Kind, IReadOnlyDictionary<uint, string>? Values);
