using System.Net;

namespace EasyIsp.Core.Hotspot;

/// <summary>What the router's login page said of a device (mikrotik.md, 5.3), as it came: all of it passed through a browser.</summary>
public sealed record RouterWords(
    string? Mac = null,
    string? Ip = null,
    string? LinkLoginOnly = null,
    string? LinkOrig = null,
    string? ChapId = null,
    string? ChapChallenge = null);

/// <summary>What is left of the router's words once <see cref="HotspotArrivalReader"/> has checked them.</summary>
public sealed record HotspotArrival(
    string? MacAddress,
    IPAddress? Address,
    string? LinkLoginOnly,
    string? LinkOrig,
    byte[]? ChapId,
    byte[]? ChapChallenge);

/// <summary>An arrival that was written down.</summary>
/// <param name="ForFreshChallenge">The browser was sent to the router for a new challenge, and this is it coming back.</param>
public sealed record ArrivedVisit(HotspotVisit Visit, bool ForFreshChallenge);
