using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>Which services a port offers.</summary>
internal enum ListenerRole
{
    Authentication,
    Accounting,

    /// <summary>Both, over TLS (RFC 6614 section 2.1).</summary>
    RadSec,
}

internal static class ListenerRoles
{
    /// <summary>
    /// Everything else on that port is dropped: replies, CoA, the other port's requests, unknown codes.
    /// </summary>
    public static bool Accepts(this ListenerRole role, PacketCode code) => code switch
    {
        PacketCode.StatusServer => true,
        PacketCode.AccessRequest => role is not ListenerRole.Accounting,
        PacketCode.AccountingRequest => role is not ListenerRole.Authentication,
        _ => false,
    };
}
