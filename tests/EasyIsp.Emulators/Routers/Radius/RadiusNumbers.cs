namespace EasyIsp.Emulators.Routers.Radius;

internal static class Code
{
    public const byte AccessRequest = 1;
    public const byte AccessAccept = 2;
    public const byte AccessReject = 3;
    public const byte AccountingRequest = 4;
    public const byte AccountingResponse = 5;
    public const byte DisconnectRequest = 40;
    public const byte CoaRequest = 43;
}

/// <summary>Attribute types (mikrotik.md 4.6).</summary>
internal static class Attr
{
    public const byte UserName = 1;
    public const byte UserPassword = 2;
    public const byte ChapPassword = 3;
    public const byte NasIpAddress = 4;
    public const byte NasPort = 5;
    public const byte ServiceType = 6;
    public const byte FramedProtocol = 7;
    public const byte FramedIpAddress = 8;
    public const byte ReplyMessage = 18;
    public const byte Class = 25;
    public const byte VendorSpecific = 26;
    public const byte SessionTimeout = 27;
    public const byte IdleTimeout = 28;
    public const byte CalledStationId = 30;
    public const byte CallingStationId = 31;
    public const byte NasIdentifier = 32;
    public const byte AcctStatusType = 40;
    public const byte AcctDelayTime = 41;
    public const byte AcctInputOctets = 42;
    public const byte AcctOutputOctets = 43;
    public const byte AcctSessionId = 44;
    public const byte AcctAuthentic = 45;
    public const byte AcctSessionTime = 46;
    public const byte AcctInputPackets = 47;
    public const byte AcctOutputPackets = 48;
    public const byte AcctTerminateCause = 49;
    public const byte AcctInputGigawords = 52;
    public const byte AcctOutputGigawords = 53;
    public const byte EventTimestamp = 55;
    public const byte ChapChallenge = 60;
    public const byte NasPortType = 61;
    public const byte MessageAuthenticator = 80;
    public const byte AcctInterimInterval = 85;
    public const byte NasPortId = 87;
    public const byte FramedPool = 88;
    public const byte ErrorCause = 101;
}

/// <summary>Vendors and their attributes (4.4, 4.5).</summary>
internal static class Vendor
{
    public const uint Mikrotik = 14988;
    public const byte RateLimit = 8;
    public const byte HostIp = 10;
    public const byte TotalLimit = 17;
    public const byte TotalLimitGigawords = 18;
    public const byte AddressList = 19;

    public const uint Microsoft = 311;
    public const byte MsChapChallenge = 11;
    public const byte MsChap2Response = 25;
    public const byte MsChap2Success = 26;

    public const uint Wispr = 14122;
    public const byte LogoffUrl = 3;
}
