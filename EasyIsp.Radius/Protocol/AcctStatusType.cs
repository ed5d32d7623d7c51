namespace EasyIsp.Radius.Protocol;

/// <summary>What an Accounting-Request reports (RFC 2866 section 5.1, RFC 2867).</summary>
internal enum AcctStatusType
{
    Start = 1,
    Stop = 2,
    InterimUpdate = 3,
    AccountingOn = 7,
    AccountingOff = 8,
    TunnelStart = 9,
    TunnelStop = 10,
    TunnelReject = 11,
    TunnelLinkStart = 12,
    TunnelLinkStop = 13,
    TunnelLinkReject = 14,
    Failed = 15,
}
