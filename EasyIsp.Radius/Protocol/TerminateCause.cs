namespace EasyIsp.Radius.Protocol;

/// <summary>Why a session ended (RFC 2866 section 5.10).</summary>
internal enum TerminateCause
{
    UserRequest = 1,
    LostCarrier = 2,
    LostService = 3,
    IdleTimeout = 4,
    SessionTimeout = 5,

    /// <summary>RouterOS: removed from the active list by API or by a Disconnect-Request.</summary>
    AdminReset = 6,
    AdminReboot = 7,
    PortError = 8,
    NasError = 9,

    /// <summary>RouterOS hotspot: a traffic limit was reached.</summary>
    NasRequest = 10,
    NasReboot = 11,
    PortUnneeded = 12,
    PortPreempted = 13,
    PortSuspended = 14,
    ServiceUnavailable = 15,
    Callback = 16,
    UserError = 17,
    HostRequest = 18,
}
