using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>What an Access-Request says of who wants in, and how; not yet whether it is true.</summary>
/// <param name="UserName">As it was typed.</param>
/// <param name="AccessType">Null when the NAS does not tell.</param>
/// <param name="MacAddress">Calling-Station-Id, where it is a hardware address.</param>
/// <param name="IsDhcp">A DHCP server asks whether it may lease an address, and for how long.</param>
internal sealed record LoginAttempt(
    Guid TenantId,
    Guid RouterId,
    string UserName,
    AuthenticationMethod Method,
    AccessType? AccessType,
    string? MacAddress,
    bool IsDhcp)
{
    /// <summary>The user name is the device's own address, in whichever spelling the router is set to.</summary>
    public bool IsOwnAddress => MacAddress is not null && Core.Shared.MacAddress.Normalize(UserName) == MacAddress;

    /// <summary>RouterOS logs a device in by its address: the address as user name, and a hotspot's Service-Type.</summary>
    public bool IsByDevice => AccessType is Core.Shared.AccessType.Hotspot && IsOwnAddress;

    public static LoginAttempt Read(in RadiusPacket request, Guid tenantId, Guid routerId)
    {
        var attempt = new LoginAttempt(
            tenantId,
            routerId,
            WireText.Read(request, AttributeType.UserName) ?? "",
            AuthenticationMethods.Of(request),
            AccessTypeOf(request),
            CallingStation.MacAddressOf(request),
            IsDhcp: false);
        return attempt is { AccessType: null, IsOwnAddress: true } && ComesByEthernet(request) ? attempt with { IsDhcp = true } : attempt;
    }

    /// <summary>RouterOS's DHCP server sends no Service-Type, but NAS-Port-Type Ethernet.</summary>
    private static bool ComesByEthernet(in RadiusPacket request)
        => request.TryGetUInt32(AttributeType.NasPortType, out var type) && (NasPortType)type is NasPortType.Ethernet;

    /// <summary>RouterOS: PPP asks for Framed service with Framed-Protocol PPP, the hotspot for Login.</summary>
    private static AccessType? AccessTypeOf(in RadiusPacket request)
    {
        if (request.Has(AttributeType.FramedProtocol))
            return Core.Shared.AccessType.Pppoe;
        if (!request.TryGetUInt32(AttributeType.ServiceType, out var service))
            return null;

        return (ServiceType)service switch
        {
            ServiceType.Framed => Core.Shared.AccessType.Pppoe,
            ServiceType.Login => Core.Shared.AccessType.Hotspot,
            _ => null,
        };
    }
}
