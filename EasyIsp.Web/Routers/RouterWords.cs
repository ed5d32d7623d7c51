using EasyIsp.Core.Reports;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Routers;

/// <summary>What the domain says of routers, in the words of the screens.</summary>
internal static class RouterWords
{
    /// <summary>That a router is heard, or silent again, is announced to nobody.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    public static State StateOf(RouterState state) => state switch
    {
        RouterState.Heard => State.Online,
        RouterState.Silent => State.Offline,
        _ => State.Pending,
    };

    public static string Of(RouterState state) => state switch
    {
        RouterState.Heard => "Its RADIUS packets arrive.",
        RouterState.Silent => $"Nothing was heard for more than {(int)RouterRow.SilentAfter.TotalMinutes} minutes.",
        _ => "Nothing was heard yet. Paste the commands into its terminal.",
    };

    public static State StateOf(CertificateState state) => state switch
    {
        CertificateState.Good => State.Active,
        CertificateState.Expired => State.Expired,
        _ => State.Revoked,
    };

    public static string Of(RouterFault fault) => fault switch
    {
        RouterFault.Name => $"A name of up to {Router.MaxNameLength} letters is needed.",
        RouterFault.NameTaken => "Another router has this name.",
        RouterFault.Address => "An IP address is needed, as 10.255.0.2.",
        RouterFault.TunnelAddress => "An IP address is needed, or none.",
        RouterFault.SourceNetworks => $"Up to {RouterRules.MaxSourceNetworks} addresses and ranges, as 10.20.0.0/16; none wider than /{RouterRules.WidestIPv4Prefix}, or /{RouterRules.WidestIPv6Prefix} of IPv6.",
        RouterFault.CoaPort or RouterFault.ApiPort => "A port is a number from 1 to 65535.",
        RouterFault.HotspotHost => "A host name alone, as login.savanna.net: no http://, no path.",
        RouterFault.ApiUser => $"A user name of up to {RouterRules.MaxApiUserLength} letters is needed.",
        RouterFault.ApiPassword => "The password of this user is needed once.",
        RouterFault.CertificateFingerprint => "A SHA-256 fingerprint has 64 hexadecimal digits.",
        RouterFault.SiteCode => $"2 to {PortalSite.MaxCodeLength} lower-case letters, digits or hyphens.",
        _ => "Somebody else uses this code. Try another one.",
    };
}
