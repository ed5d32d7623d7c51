using Microsoft.AspNetCore.WebUtilities;

namespace EasyIsp.Emulators.Routers.Hotspot;

/// <summary>What <c>login.html</c> tells the portal of a device (mikrotik.md 5.2 and 5.3).</summary>
internal static class Handover
{
    /// <param name="challenge">Null where http-chap is off, or the browser asks for no page with it.</param>
    public static Dictionary<string, string> WordsOf(
        EmulatedRouter router, EmulatedHost host, string destination, string user = "", string error = "", ChapChallenge? challenge = null) => new()
        {
            ["mac"] = host.Mac,
            ["ip"] = host.Address.ToString(),
            ["username"] = user,
            ["link-login"] = LinkLogin(router, destination),
            ["link-login-only"] = $"{router.HotspotUrl}/login",
            ["link-orig"] = destination,
            ["error"] = error,
            ["server-name"] = router.Options.HotspotServer,
            ["identity"] = router.Options.Name,
            ["interface-name"] = router.Options.HotspotInterface,
            ["chap-id"] = challenge?.IdentifierText ?? "",
            ["chap-challenge"] = challenge?.ValueText ?? "",
        };

    /// <summary>The same by GET, as a phone's first probe of the Internet ends.</summary>
    public static Uri AddressOf(EmulatedRouter router, EmulatedHost host) => new(
        QueryHelpers.AddQueryString(router.Options.PortalUrl, WordsOf(router, host, $"{router.HotspotUrl}/generate_204")!));

    public static string LinkLogin(EmulatedRouter router, string destination)
        => $"{router.HotspotUrl}/login?dst={Uri.EscapeDataString(destination)}";
}
