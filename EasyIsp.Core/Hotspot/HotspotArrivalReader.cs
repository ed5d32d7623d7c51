using System.Net;
using System.Net.Sockets;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Hotspot;

/// <summary>
/// Takes from the router's words what can be trusted to be well-formed and drops the rest. The login link decides where
/// a browser posts a one-time password, so it may only name a private address or the hotspot's own host name.
/// </summary>
public static class HotspotArrivalReader
{
    private const int ChallengeLength = 16;

    /// <param name="hotspotHost">The dns-name of the router's hotspot, lower case; null when it has none.</param>
    public static HotspotArrival Read(RouterWords words, string? hotspotHost)
    {
        var chapId = Octets(words.ChapId, 1);
        var chapChallenge = Octets(words.ChapChallenge, ChallengeLength);
        var hasChap = chapId is not null && chapChallenge is not null;
        return new HotspotArrival(
            MacAddress.Normalize(words.Mac),
            IPv4(words.Ip),
            LoginLink(words.LinkLoginOnly, hotspotHost),
            WantedPage(words.LinkOrig),
            hasChap ? chapId : null,
            hasChap ? chapChallenge : null);
    }

    private static IPAddress? IPv4(string? text)
        => text is { Length: <= 15 } && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            ? address
            : null;

    private static string? LoginLink(string? text, string? hotspotHost)
    {
        if (WebAddress(text, HotspotVisit.MaxLinkLoginLength) is not { } link)
            return null;

        var isOurs = link.HostNameType switch
        {
            UriHostNameType.IPv4 => IsPrivate(IPAddress.Parse(link.Host)),
            UriHostNameType.Dns => hotspotHost is not null && link.IdnHost.Equals(hotspotHost, StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
        return isOurs ? link.GetLeftPart(UriPartial.Path) : null;
    }

    private static string? WantedPage(string? text) => WebAddress(text, HotspotVisit.MaxLinkOrigLength)?.AbsoluteUri is { } address
        && address.Length <= HotspotVisit.MaxLinkOrigLength ? address : null;

    private static Uri? WebAddress(string? text, int maxLength)
        => text is not null && text.Length <= maxLength
            && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.UserInfo.Length == 0
            ? address
            : null;

    /// <summary>RFC 1918, and loopback for routers that are emulated.</summary>
    private static bool IsPrivate(IPAddress address) => address.GetAddressBytes() switch
    {
        [10 or 127, ..] => true,
        [172, >= 16 and <= 31, ..] => true,
        [192, 168, ..] => true,
        _ => false,
    };

    /// <summary>The router shows bytes as <c>\371</c>, and printable ones perhaps as they are (mikrotik.md, 5.3).</summary>
    /// <returns>Null when it is anything but exactly so many bytes.</returns>
    internal static byte[]? Octets(string? text, int count)
    {
        if (text is null || text.Length < count || text.Length > 4 * count)
            return null;

        var bytes = new byte[count];
        var length = 0;
        for (var i = 0; i < text.Length; length++)
        {
            if (length == count || ReadOctet(text.AsSpan(i), out var read) is not { } octet)
                return null;
            bytes[length] = octet;
            i += read;
        }

        return length == count ? bytes : null;
    }

    private static byte? ReadOctet(ReadOnlySpan<char> text, out int read)
    {
        read = 1;
        if (text[0] != '\\')
            return text[0] is > ' ' and <= '~' ? (byte)text[0] : null;

        read = 4;
        return text is ['\\', >= '0' and <= '3', >= '0' and <= '7', >= '0' and <= '7', ..]
            ? (byte)(((text[1] - '0') << 6) | ((text[2] - '0') << 3) | (text[3] - '0'))
            : null;
    }
}
