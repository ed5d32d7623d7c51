using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Core.Routers;

/// <summary>A router as staff type it.</summary>
/// <param name="Address">The source address of its RADIUS packets.</param>
/// <param name="HotspotHost">The hotspot's dns-name; empty where it has none.</param>
/// <param name="IsTrustedProxy">Not a router but a RADIUS proxy before several, believed without Message-Authenticator.</param>
public sealed record RouterDraft(
    string? Name,
    string? Address,
    int CoaPort = Router.DefaultCoaPort,
    MessageAuthenticatorRule MessageAuthenticator = MessageAuthenticatorRule.Auto,
    string? HotspotHost = null,
    bool IsTrustedProxy = false);

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
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast) ? null : address;
    }

    /// <returns>Upper-case digits alone; null when it is empty.</returns>
    internal static string? NormalizeFingerprint(string? text)
        => string.IsNullOrWhiteSpace(text) ? null : text.Replace(":", "", StringComparison.Ordinal).Trim().ToUpperInvariant();

    private static IEnumerable<RouterFault> Faults(RouterDraft draft)
    {
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Trim().Length > Router.MaxNameLength)
            yield return RouterFault.Name;
        if (ParseAddress(draft.Address) is null)
            yield return RouterFault.Address;
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

    private static bool IsPort(int port) => port is >= IPEndPoint.MinPort + 1 and <= IPEndPoint.MaxPort;
}
