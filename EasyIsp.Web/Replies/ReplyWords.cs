using EasyIsp.Core.Replies;

namespace EasyIsp.Web.Replies;

/// <summary>What the domain says of added attributes, in the words of the screens.</summary>
internal static class ReplyWords
{
    public static string Of(ReplyFaultKind fault, CatalogueAttribute? attribute) => fault switch
    {
        ReplyFaultKind.Unknown => "No attribute has this name. Choose one from the list.",
        ReplyFaultKind.Computed => "The server sends this one itself: there is a field for it on the package or the customer.",
        ReplyFaultKind.Guarded => "This one guards logins: a password, a key, or what proves a packet genuine.",
        ReplyFaultKind.NotOfAnAccept => "Routers send this one; they do not read it.",
        ReplyFaultKind.TooMany => $"At most {ReplyRules.MaxAttributes}.",
        ReplyFaultKind.TooLong => "Together they are too long for one answer.",
        _ => attribute is null ? "A value is needed." : $"{Expected(attribute)} is needed.",
    };

    /// <summary>What a value of the attribute looks like.</summary>
    public static string Expected(CatalogueAttribute attribute) => attribute switch
    {
        { Kind: AttributeKind.Number, Values: { } values } => $"A number or {string.Join(", ", values.Keys.Take(3))} …",
        { Kind: AttributeKind.Number } => "A number",
        { Kind: AttributeKind.Time } => "A time as 2026-12-31 23:59",
        { Kind: AttributeKind.IPv4 } => "An address as 10.0.0.1",
        { Kind: AttributeKind.IPv6 } => "An address as 2001:db8::1",
        { Kind: AttributeKind.IPv6Prefix } => "A prefix as 2001:db8::/64",
        { Kind: AttributeKind.InterfaceId } => "Four groups as 0:0:0:1",
        { Kind: AttributeKind.Octets } => "Octets as 0x01020d",
        _ => "A text",
    };
}
