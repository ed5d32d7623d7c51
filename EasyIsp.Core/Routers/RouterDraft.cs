using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Core.Routers;

/// <summary>A router as staff type it.</summary>
/// <param name="Address">The source address of its RADIUS packets.</param>
/// <param name="HotspotHost">The hotspot's dns-name; empty where it has none.</param>
/// <param name="TunnelAddress">Another source of its packets, where it has a tunnel; orders go there then.</param>
/// <param name="SourceNetworks">Ranges that its packets may come from as well, separated by commas or blanks.</param>
/// <param name="IsTrustedProxy">Not a router but a RADIUS proxy before several, believed without Message-Authenticator.</param>
public sealed record RouterDraft(
    string? Name,
    string? Address,
    int CoaPort = Router.DefaultCoaPort,
    MessageAuthenticatorRule MessageAuthenticator = MessageAuthenticatorRule.Auto,
    string? HotspotHost = null,
    bool IsTrustedProxy = false,
    string? TunnelAddress = null,
    string? SourceNetworks = null);

/// <summary>How the router's API is to be reached, as staff type it.</summary>
/// <param name="Password">Empty keeps the one that is known.</param>
/// <param name="CertificateFingerprint">SHA-256 in hexadecimal, colons allowed; empty means no TLS.</param>
public sealed record RouterApiDraft(
    string? User, string? Password, int Port = RouterRules.PlainApiPort, string? CertificateFingerprint = null);

/// <summary>A field of a router that cannot stand as it is.</summary>
public enum RouterFault
{
    Name,
    NameTaken,
    Address,
    TunnelAddress,
    SourceNetworks,
    CoaPort,
    HotspotHost,
    ApiUser,
    ApiPassword,
    ApiPort,
    CertificateFingerprint,
    SiteCode,
    SiteCodeTaken,
}

/// <summary>What a router's fields must satisfy; the forms ask the same questions as the desk.</summary>
public static class RouterRules
{
    public const int MaxNameLength = Router.MaxNameLength;
    public const int DefaultCoaPort = Router.DefaultCoaPort;
    public const int PlainApiPort = 8728;
    public const int MaxHotspotHostLength = 120;
    public const int MaxApiUserLength = 60;
    public const int MaxSourceNetworks = 32;
    public const int MaxSourceNetworksLength = 1600;

    /// <summary>Wider ranges are not a router's; who has no address of his own asks by RadSec.</summary>
    public const int WidestIPv4Prefix = 8;

    public const int WidestIPv6Prefix = 32;
    private const int FingerprintLength = 64;

    public static IReadOnlyList<RouterFault> FaultsIn(RouterDraft draft) => [.. Faults(draft)];

    public static IReadOnlyList<RouterFault> FaultsIn(RouterApiDraft draft) => [.. Faults(draft)];

    /// <returns>Null when the text is no address that a router can have.</returns>
    internal static IPAddress? ParseAddress(string? text)
    {
        var written = text?.Trim() ?? "";
        // "10.1" and "167772161" are addresses to the parser, and mistakes to everybody else.
        if (!IPAddress.TryParse(written, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && written.Count(c => c == '.') != 3))
            return null;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast) ? null : address;
    }

    /// <returns>Null when a part of the text is no range, or one that is too wide.</returns>
    internal static IReadOnlyList<IPNetwork>? ParseNetworks(string? text)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in (text ?? "").Split([',', ';', ' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseNetwork(part) is not { } network)
                return null;
            if (!networks.Contains(network))
                networks.Add(network);
        }

        return networks.Count <= MaxSourceNetworks ? networks : null;
    }

    internal static string? Write(IReadOnlyList<IPNetwork> networks) => networks.Count == 0 ? null : string.Join(", ", networks);

    /// <returns>Upper-case digits alone; null when it is empty.</returns>
    internal static string? NormalizeFingerprint(string? text)
        => string.IsNullOrWhiteSpace(text) ? null : text.Replace(":", "", StringComparison.Ordinal).Trim().ToUpperInvariant();

    private static IEnumerable<RouterFault> Faults(RouterDraft draft)
    {
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Trim().Length > Router.MaxNameLength)
            yield return RouterFault.Name;
        if (ParseAddress(draft.Address) is null)
            yield return RouterFault.Address;
        if (!string.IsNullOrWhiteSpace(draft.TunnelAddress) && ParseAddress(draft.TunnelAddress) is null)
            yield return RouterFault.TunnelAddress;
        if (ParseNetworks(draft.SourceNetworks) is null)
            yield return RouterFault.SourceNetworks;
        if (!IsPort(draft.CoaPort))
            yield return RouterFault.CoaPort;
        if (draft.HotspotHost?.Trim() is { Length: > 0 } host
            && (host.Length > MaxHotspotHostLength || Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4)))
            yield return RouterFault.HotspotHost;
    }

    private static IEnumerable<RouterFault> Faults(RouterApiDraft draft)
    {
        if (string.IsNullOrWhiteSpace(draft.User) || draft.User.Trim().Length > MaxApiUserLength)
            yield return RouterFault.ApiUser;
        if (!IsPort(draft.Port))
            yield return RouterFault.ApiPort;
        if (NormalizeFingerprint(draft.CertificateFingerprint) is { } print && (print.Length != FingerprintLength || !print.All(char.IsAsciiHexDigit)))
            yield return RouterFault.CertificateFingerprint;
    }

    /// <summary>An address alone is a range of one.</summary>
    private static IPNetwork? ParseNetwork(string text)
    {
        if (!text.Contains('/', StringComparison.Ordinal))
            return ParseAddress(text) is { } address ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) : null;
        if (!IPNetwork.TryParse(text, out var network) || ParseAddress(text[..text.IndexOf('/', StringComparison.Ordinal)]) is not { } first)
            return null;

        const int mappedBits = 96;
        var length = network.BaseAddress.IsIPv4MappedToIPv6 ? network.PrefixLength - mappedBits : network.PrefixLength;
        var widest = first.AddressFamily == AddressFamily.InterNetwork ? WidestIPv4Prefix : WidestIPv6Prefix;
        return length >= widest ? new IPNetwork(first, length) : null;
    }

    private static bool IsPort(int port) => port is >= IPEndPoint.MinPort + 1 and <= IPEndPoint.MaxPort;
}
