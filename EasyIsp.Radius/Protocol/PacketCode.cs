namespace EasyIsp.Radius.Protocol;

/// <summary>
/// What a packet is (RFC 2865 section 3, RFC 2866, RFC 5176, RFC 5997). Other values arrive too and are dropped.
/// </summary>
internal enum PacketCode : byte
{
    AccessRequest = 1,
    AccessAccept = 2,
    AccessReject = 3,
    AccountingRequest = 4,
    AccountingResponse = 5,
    AccessChallenge = 11,
    StatusServer = 12,
    DisconnectRequest = 40,
    DisconnectAck = 41,
    DisconnectNak = 42,
    CoaRequest = 43,
    CoaAck = 44,
    CoaNak = 45,
}
