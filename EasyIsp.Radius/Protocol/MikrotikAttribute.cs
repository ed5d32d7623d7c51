namespace EasyIsp.Radius.Protocol;

/// <summary>
/// Sub-attributes of vendor 14988. "Receive" is what the router receives from the client (upload), "transmit" the
/// download. A limit of 4 GiB or more needs both its attribute (low 32 bits) and its Gigawords attribute (high 32
/// bits).
/// </summary>
internal enum MikrotikAttribute : byte
{
    ReceiveLimit = 1,
    TransmitLimit = 2,
    Group = 3,
    WirelessForward = 4,
    WirelessSkipDot1x = 5,
    WirelessEncryptionAlgorithm = 6,
    WirelessEncryptionKey = 7,
    RateLimit = 8,
    Realm = 9,
    HostIP = 10,
    MarkId = 11,
    AdvertiseUrl = 12,
    AdvertiseInterval = 13,
    ReceiveLimitGigawords = 14,
    TransmitLimitGigawords = 15,
    WirelessPsk = 16,
    TotalLimit = 17,
    TotalLimitGigawords = 18,
    AddressList = 19,
    WirelessMpKey = 20,
    WirelessComment = 21,
    DelegatedIPv6Pool = 22,
    DhcpOptionSet = 23,
    DhcpOptionParameter1 = 24,
    DhcpOptionParameter2 = 25,
    WirelessVlanId = 26,
    WirelessVlanIdType = 27,
    WirelessMinSignal = 28,
    WirelessMaxSignal = 29,
    SwitchingFilter = 30,
}
