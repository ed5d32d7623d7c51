using EasyIsp.Core.Routers;

namespace EasyIsp.Web.Routers;

/// <summary>What the fields of the form hold.</summary>
public sealed class RouterInput
{
    public string? Name { get; set; }
    public string? Address { get; set; }
    public int CoaPort { get; set; } = RouterRules.DefaultCoaPort;
    public MessageAuthenticatorRule MessageAuthenticator { get; set; }
    public string? HotspotHost { get; set; }
    public bool IsTrustedProxy { get; set; }
    public string? TunnelAddress { get; set; }
    public string? SourceNetworks { get; set; }

    public static RouterInput Of(RouterDraft draft) => new()
    {
        Name = draft.Name,
        Address = draft.Address,
        CoaPort = draft.CoaPort,
        MessageAuthenticator = draft.MessageAuthenticator,
        HotspotHost = draft.HotspotHost,
        IsTrustedProxy = draft.IsTrustedProxy,
        TunnelAddress = draft.TunnelAddress,
        SourceNetworks = draft.SourceNetworks,
    };

    public RouterDraft ToDraft()
        => new(Name, Address, CoaPort, MessageAuthenticator, HotspotHost, IsTrustedProxy, TunnelAddress, SourceNetworks);
}
