using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>Which of the two services a port offers.</summary>
internal enum ListenerRole
{
    Authentication,
    Accounting,
}

internal static class ListenerRoles
{
    /// <summary>
    /// Everything else on that port is dropped: replies, CoA, the other port's requests, unknown codes.
    /// </summary>
    public static bool Accepts(this ListenerRole role, PacketCode code) => code switch
    {
        PacketCode.StatusServer => true,
        PacketCode.AccessRequest => role is ListenerRole.Authentication,
        PacketCode.AccountingRequest => role is ListenerRole.Accounting,
        _ => false,
    };
}
