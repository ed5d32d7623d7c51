using System.Collections.Frozen;

namespace EasyIsp.Core.Replies;

/// <summary>An attribute as staff type it.</summary>
public sealed record ReplyDraft(string? Name, string? Value);

/// <param name="Index">Of the draft in its list; the last one where it is about all of them together.</param>
public sealed record ReplyFault(int Index, ReplyFaultKind Kind);

public enum ReplyFaultKind
{
    /// <summary>The dictionary has no such name.</summary>
    Unknown,

    /// <summary>The server works it out itself, from a field of its own.</summary>
    Computed,

    /// <summary>A password, a key, or what guards the packet.</summary>
    Guarded,

    /// <summary>It stands in requests and accounting, never in an Access-Accept.</summary>
    NotOfAnAccept,

    /// <summary>The value does not fit the attribute's kind.</summary>
    Value,
    TooMany,
    TooLong,
}

/// <summary>What a tenant may add to an Access-Accept; the form asks the same questions as the desk.</summary>
public static class ReplyRules
{
    public const int MaxAttributes = 20;
    public const int MaxValueLength = 253;

    /// <summary>Of all of one owner together: package, router and customer must fit into one packet beside our own.</summary>
    public const int MaxOctets = 900;

    private const int Header = 2;
    private const int VendorHeader = 8;

    /// <summary>What the server sends of its own accord, and so cannot be sent twice and differently.</summary>
    private static readonly FrozenSet<string> Computed = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Session-Timeout", "Idle-Timeout", "Acct-Interim-Interval", "Framed-IP-Address", "Framed-Pool", "Framed-IPv6-Pool",
        "Delegated-IPv6-Prefix", "Delegated-IPv6-Prefix-Pool", "Mikrotik-Rate-Limit", "Mikrotik-Total-Limit",
        "Mikrotik-Total-Limit-Gigawords", "Mikrotik-Address-List", "Mikrotik-Wireless-VLANID", "Mikrotik-Wireless-VLANID-Type",
        "Mikrotik-Delegated-IPv6-Pool");

    private static readonly FrozenSet<string> Guarded = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Class", "State", "Proxy-State", "CHAP-Challenge", "Tunnel-Password", "Password-Retry", "Prompt", "Chargeable-User-Identity");

    private static readonly FrozenSet<string> OfRequests = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "User-Name", "NAS-IP-Address", "NAS-Port", "NAS-Identifier", "NAS-Port-Type", "NAS-Port-Id", "NAS-IPv6-Address",
        "Called-Station-Id", "Calling-Station-Id", "Connect-Info", "Event-Timestamp", "Error-Cause", "Agent-Remote-Id", "Agent-Circuit-Id",
        "Mikrotik-Realm", "Mikrotik-Host-IP", "WISPr-Location-ID", "WISPr-Location-Name", "WISPr-Logoff-URL", "Cisco-NAS-Port");

    private const uint Microsoft = 311;

    /// <returns>Null for an attribute that may be added.</returns>
    public static ReplyFaultKind? WhyNot(CatalogueAttribute attribute) => attribute switch
    {
        { Kind: AttributeKind.Secret or AttributeKind.Vendor } or { Vendor: Microsoft } => ReplyFaultKind.Guarded,
        _ when Guarded.Contains(attribute.Name) => ReplyFaultKind.Guarded,
        _ when Computed.Contains(attribute.Name) => ReplyFaultKind.Computed,
        _ when OfRequests.Contains(attribute.Name) || attribute.Name.StartsWith("Acct-", StringComparison.Ordinal) => ReplyFaultKind.NotOfAnAccept,
        _ => null,
    };

    public static IReadOnlyList<ReplyFault> FaultsIn(IReadOnlyList<ReplyDraft> drafts)
    {
        var faults = new List<ReplyFault>();
        var octets = 0;
        for (var i = 0; i < drafts.Count; i++)
        {
            if (FaultIn(drafts[i], ref octets) is { } kind)
                faults.Add(new ReplyFault(i, kind));
        }

        if (drafts.Count > MaxAttributes)
            faults.Add(new ReplyFault(drafts.Count - 1, ReplyFaultKind.TooMany));
        else if (octets > MaxOctets)
            faults.Add(new ReplyFault(drafts.Count - 1, ReplyFaultKind.TooLong));
        return faults;
    }

    private static ReplyFaultKind? FaultIn(ReplyDraft draft, ref int octets)
    {
        if (AttributeCatalogue.Find(draft.Name) is not { } attribute)
            return ReplyFaultKind.Unknown;
        if (WhyNot(attribute) is { } why)
            return why;
        if (draft.Value?.Length > MaxValueLength || ReplyValue.Encode(attribute, draft.Value) is not { } value)
            return ReplyFaultKind.Value;

        octets += value.Length + (attribute.Vendor is null ? Header : VendorHeader);
        return null;
    }
}
