using System.Collections.Generic;

namespace EasyIsp.Radius.Dictionary;

/// <summary>The kinds of value as the dictionary spells them, and the members of <c>AttributeKind</c> that they are.</summary>
internal static class AttributeKinds
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["octets"] = "Octets",
        ["text"] = "Text",
        ["number"] = "Number",
        ["time"] = "Time",
        ["ipv4"] = "IPv4",
        ["ipv6"] = "IPv6",
        ["prefix6"] = "IPv6Prefix",
        ["interface"] = "InterfaceId",
        ["secret"] = "Secret",
        ["vendor"] = "Vendor",
    };
}
