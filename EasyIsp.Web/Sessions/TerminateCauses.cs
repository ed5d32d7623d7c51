namespace EasyIsp.Web.Sessions;

/// <summary>Acct-Terminate-Cause (RFC 2866, 5.10) in words for staff.</summary>
internal static class TerminateCauses
{
    public static string InWords(int? cause) => cause switch
    {
        null => "went silent",
        1 => "logged off",
        2 => "connection lost",
        3 => "service lost",
        4 => "idle too long",
        5 => "time was up",
        6 => "ended by order",
        7 => "router restarted",
        8 => "port error",
        9 => "router error",
        10 => "ended by the router",
        11 => "router restarted without warning",
        12 or 13 or 14 => "port was needed",
        15 => "service unavailable",
        17 => "user error",
        18 => "ended by the host",
        _ => $"cause {cause}",
    };
}
