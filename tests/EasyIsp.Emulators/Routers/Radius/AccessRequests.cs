namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>Access-Requests in the attribute orders of the captures (mikrotik.md 4.2, [M]; bytes in 4.11, [X]).</summary>
internal static class AccessRequests
{
    private const uint Framed = 2;
    private const uint Login = 1;
    private const uint Ppp = 1;
    private const uint Ethernet = 15;
    private const uint Wireless80211 = 19;

    public static byte[] Pppoe(RadiusWriter packet, RadiusCall call, PasswordProof proof, bool sign)
    {
        packet
            .Number(Attr.ServiceType, Framed)
            .Number(Attr.FramedProtocol, Ppp)
            .Number(Attr.NasPort, call.NasPort)
            .Number(Attr.NasPortType, Ethernet)
            .Text(Attr.UserName, call.User)
            .Text(Attr.CallingStationId, call.Mac)
            .Text(Attr.CalledStationId, call.Nas.CalledStationId)
            .Text(Attr.NasPortId, call.Nas.PortId)
            .Text(Attr.AcctSessionId, call.SessionId);
        return proof.WriteTo(packet)
            .Text(Attr.NasIdentifier, call.Nas.Identifier)
            .Address(Attr.NasIpAddress, call.Nas.Address)
            .FinishAccess(sign);
    }

    public static byte[] Hotspot(RadiusWriter packet, RadiusCall call, PasswordProof proof, bool sign)
    {
        packet
            .Number(Attr.NasPortType, Wireless80211)
            .Text(Attr.CallingStationId, call.Mac)
            .Text(Attr.CalledStationId, call.Nas.CalledStationId)
            .Text(Attr.NasPortId, call.Nas.PortId)
            .Text(Attr.UserName, call.User)
            .Number(Attr.NasPort, call.NasPort)
            .Text(Attr.AcctSessionId, call.SessionId)
            .Address(Attr.FramedIpAddress, call.Address!)
            .VendorBytes(Vendor.Mikrotik, Vendor.HostIp, call.HostAddress!.GetAddressBytes());
        return proof.WriteTo(packet)
            .Number(Attr.ServiceType, Login)
            .VendorBytes(Vendor.Wispr, Vendor.LogoffUrl, System.Text.Encoding.UTF8.GetBytes(call.Nas.LogoffUrl!))
            .Text(Attr.NasIdentifier, call.Nas.Identifier)
            .Address(Attr.NasIpAddress, call.Nas.Address)
            .FinishAccess(sign);
    }
}
