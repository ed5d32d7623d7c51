using System.Security.Cryptography.X509Certificates;

namespace EasyIsp.Emulators.Routers;

/// <summary>
/// One emulated router. Each has its own loopback address, for RADIUS servers tell routers apart by source address.
/// A port of 0 takes a free one. Facts are quoted as sections of mikrotik.md with their certainty; what is uncertain
/// there is a switch here.
/// </summary>
public sealed class EmulatedRouterOptions
{
    /// <summary>The identity, which is also NAS-Identifier.</summary>
    public string Name { get; set; } = "MikroTik";

    /// <summary>Source of RADIUS packets; API, CoA listener and hotspot listen here.</summary>
    public string Address { get; set; } = "127.0.1.1";

    /// <summary>NAS-IP-Address: on a real router often the LAN address (4.1, [D]). Null: the same as <see cref="Address"/>.</summary>
    public string? NasIpAddress { get; set; }

    public RouterOsVersion Version { get; set; } = new(7, 20);

    public string RadiusAddress { get; set; } = "127.0.0.1";
    public int RadiusAuthPort { get; set; } = 1812;
    public int RadiusAcctPort { get; set; } = 1813;
    public string RadiusSecret { get; set; } = "testing123";

    /// <summary>Wait for an answer; the router's default is 1100 ms, onboarding sets 3 s (4.1, [D]).</summary>
    public TimeSpan RadiusTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often one packet is sent, with one id and the same bytes (4.1, [K]).</summary>
    public int RadiusTries { get; set; } = 3;

    /// <summary><c>require-message-auth</c>; null follows the version (4.9, [D]).</summary>
    public bool? RequireMessageAuthenticator { get; set; }

    public int ApiPort { get; set; } = 8728;
    public string ApiUser { get; set; } = "easyisp";
    public string ApiPassword { get; set; } = "easyisp";

    /// <summary>Policies of the user's group; without <c>api</c> there is no sign-in (1.4, [D]).</summary>
    public IList<string> ApiPolicies { get; } = ["api", "read", "write"];

    /// <summary>With a certificate the API port speaks TLS.</summary>
    public X509Certificate2? ApiCertificate { get; set; }

    /// <summary>Whether <c>/ip/hotspot/active/login</c> answers only after RADIUS has ([U]).</summary>
    public bool ApiLoginWaitsForRadius { get; set; } = true;

    /// <summary><c>/radius/incoming accept</c>; without it silence (4.8, [K]).</summary>
    public bool AcceptCoa { get; set; } = true;

    public int CoaPort { get; set; } = 3799;

    /// <summary>
    /// Whether an order that is repeated with the same bytes gets its first answer again, as RFC 5080 asks; else a
    /// repeated Disconnect finds no session any more ([U]).
    /// </summary>
    public bool RepeatsCoaReplies { get; set; }

    /// <summary>Hotspot sessions are found only with Framed-IP-Address in the order (4.8, [M]).</summary>
    public bool HotspotCoaNeedsFramedIpAddress { get; set; } = true;

    /// <summary>
    /// Whether a CoA-Request with what cannot be changed live (total limits, address lists, addresses, pools: 4.8, [D]) is
    /// refused with 401; else it is passed over ([U]).
    /// </summary>
    public bool RefusesUnsupportedChanges { get; set; } = true;

    /// <summary>Whether a hotspot order without Framed-IP-Address is refused with 402 rather than 503 ([U]).</summary>
    public bool NamesMissingAttributes { get; set; }

    /// <summary>Whether Session-Timeout of a CoA-Request counts from its arrival rather than from the session's start ([U]).</summary>
    public bool CountsChangedTimeFromOrder { get; set; }

    /// <summary>How soon a home's router dials again when its session was ended for it (4.8: within seconds); null: not at all.</summary>
    public TimeSpan? PppoeRedialsAfter { get; set; }

    public int HotspotPort { get; set; } = 8081;

    /// <summary>Where <c>login.html</c> hands a device over to.</summary>
    public string PortalUrl { get; set; } = "http://127.0.0.1:5081/";

    /// <summary>By POST with hidden fields, or by GET (5.3, [D]).</summary>
    public bool PortalHandoverByPost { get; set; }

    public HotspotLoginMethods HotspotLoginBy { get; set; } = HotspotLoginMethods.HttpPap | HotspotLoginMethods.HttpChap;

    /// <summary>How long the challenge on a login page is good; "expires with the page" (5.3, [D]), the time is [U].</summary>
    public TimeSpan ChapChallengeLifetime { get; set; } = TimeSpan.FromMinutes(5);

    public string HotspotServer { get; set; } = "hotspot1";
    public string HotspotInterface { get; set; } = "bridge-hs";
    public string HotspotPool { get; set; } = "10.5.88.10";

    /// <summary><c>radius-interim-update=received</c>; false: no interim updates from hotspots (4.3, [D]).</summary>
    public bool HotspotInterimAsReceived { get; set; } = true;

    /// <summary>The best that the server offers, which by default is all of them ([K]).</summary>
    public PppoeAuthentication PppoeAuthentication { get; set; } = PppoeAuthentication.MsChap2;

    public string PppoeService { get; set; } = "pppoe-isp";
    public string PppoeInterface { get; set; } = "bridge-pppoe";
    public string PppoePool { get; set; } = "10.20.0.10";

    /// <summary><c>/ppp/aaa interim-update</c>, used when the server sends no interval.</summary>
    public TimeSpan PppoeInterimUpdate { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether Mikrotik-Total-Limit ends PPP sessions too (4.3, [U]).</summary>
    public bool TotalLimitAppliesToPppoe { get; set; }

    internal bool WantsMessageAuthenticator => RequireMessageAuthenticator ?? Version.UsesMessageAuthenticator;
}

/// <summary>The profile's <c>login-by</c> (3.6, [D]).</summary>
[Flags]
public enum HotspotLoginMethods
{
    None = 0,
    HttpPap = 1,
    HttpChap = 2,

    /// <summary>Asks RADIUS about every new host by its MAC address, with an empty password (4.2, [M]).</summary>
    Mac = 4,
}

public enum PppoeAuthentication
{
    Pap,
    Chap,
    MsChap2,
}
