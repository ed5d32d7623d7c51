namespace EasyIsp.Emulators.Routers.Radius;

internal enum AcctStatus : uint
{
    Start = 1,
    Stop = 2,
    Interim = 3,
}

/// <summary>The figures of one accounting record.</summary>
/// <param name="BytesUp">Received from the client: Acct-Input (4.7; the direction is [U], the RFC's meaning is used).</param>
internal sealed record AcctRecord(
    AcctStatus Status,
    DateTimeOffset At,
    IReadOnlyList<byte[]> Classes,
    TimeSpan SessionTime = default,
    long BytesUp = 0,
    long BytesDown = 0,
    long PacketsUp = 0,
    long PacketsDown = 0,
    TerminateCause? Cause = null);

/// <summary>
/// Accounting-Requests in the order of the captures (mikrotik.md 4.7, [M]); the order for PPP is inferred from hotspot and
/// PPTP captures (10.1, [U]), and so is the place of Class. Never signed by Message-Authenticator.
/// </summary>
internal static class AccountingRequests
{
    private const uint Framed = 2;
    private const uint Ppp = 1;
    private const uint Ethernet = 15;
    private const uint Wireless80211 = 19;
    private const uint ByRadius = 1;

    public static byte[] Hotspot(RadiusWriter packet, RadiusCall call, AcctRecord record)
    {
        packet
            .Number(Attr.AcctStatusType, (uint)record.Status)
            .Number(Attr.NasPortType, Wireless80211)
            .Text(Attr.CallingStationId, call.Mac)
            .Text(Attr.CalledStationId, call.Nas.CalledStationId)
            .Text(Attr.NasPortId, call.Nas.PortId)
            .Text(Attr.UserName, call.User)
            .Number(Attr.NasPort, call.NasPort)
            .Text(Attr.AcctSessionId, call.SessionId)
            .Address(Attr.FramedIpAddress, call.Address!)
            .VendorBytes(Vendor.Mikrotik, Vendor.HostIp, call.HostAddress!.GetAddressBytes());
        return Finish(packet, call, record);
    }

    public static byte[] Pppoe(RadiusWriter packet, RadiusCall call, AcctRecord record)
    {
        packet
            .Number(Attr.AcctStatusType, (uint)record.Status)
            .Number(Attr.ServiceType, Framed)
            .Number(Attr.FramedProtocol, Ppp)
            .Number(Attr.NasPort, call.NasPort)
            .Number(Attr.NasPortType, Ethernet)
            .Text(Attr.UserName, call.User)
            .Text(Attr.CallingStationId, call.Mac)
            .Text(Attr.CalledStationId, call.Nas.CalledStationId)
            .Text(Attr.NasPortId, call.Nas.PortId)
            .Text(Attr.AcctSessionId, call.SessionId)
            .Address(Attr.FramedIpAddress, call.Address!)
            .Number(Attr.AcctAuthentic, ByRadius);
        return Finish(packet, call, record);
    }

    private static byte[] Finish(RadiusWriter packet, RadiusCall call, AcctRecord record)
    {
        foreach (var value in record.Classes)
            packet.Bytes(Attr.Class, value);
        packet.Number(Attr.EventTimestamp, (uint)record.At.ToUnixTimeSeconds());
        if (record.Status is not AcctStatus.Start)
            WriteFigures(packet, record);

        return packet
            .Text(Attr.NasIdentifier, call.Nas.Identifier)
            .Number(Attr.AcctDelayTime, 0)
            .Address(Attr.NasIpAddress, call.Nas.Address)
            .FinishDigest();
    }

    /// <summary>Gigawords are sent even when they are 0.</summary>
    private static void WriteFigures(RadiusWriter packet, AcctRecord record)
    {
        if (record.Cause is { } cause)
            packet.Number(Attr.AcctTerminateCause, (uint)cause);

        packet
            .Number(Attr.AcctInputOctets, (uint)record.BytesUp)
            .Number(Attr.AcctOutputOctets, (uint)record.BytesDown)
            .Number(Attr.AcctInputGigawords, (uint)(record.BytesUp >> 32))
            .Number(Attr.AcctOutputGigawords, (uint)(record.BytesDown >> 32))
            .Number(Attr.AcctInputPackets, (uint)record.PacketsUp)
            .Number(Attr.AcctOutputPackets, (uint)record.PacketsDown)
            .Number(Attr.AcctSessionTime, (uint)record.SessionTime.TotalSeconds);
    }
}
