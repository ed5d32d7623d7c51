namespace EasyIsp.Radius.RadSec;

/// <summary>Why a connection was not taken; each counts under exactly one.</summary>
internal enum RadSecFailure
{
    NoCertificate,

    /// <summary>Over, or not begun.</summary>
    Expired,

    /// <summary>Not of our authority.</summary>
    Untrusted,

    /// <summary>Of our authority, and not a router's.</summary>
    WrongPurpose,

    /// <summary>It names no router in service: revoked, or the router is archived.</summary>
    UnknownRouter,

    /// <summary>Not TLS, or older than 1.2, or broken off.</summary>
    Protocol,
    Timeout,

    /// <summary>More handshakes or connections than there may be.</summary>
    TooMany,

    /// <summary>This worker has no certificate yet, or has not read the routers.</summary>
    NotReady,
}

/// <summary>Why a connection that was taken is over.</summary>
internal enum RadSecEnd
{
    /// <summary>By the router, or by the network.</summary>
    Closed,
    Idle,

    /// <summary>The stream's framing, or the proof of a packet in it, was wrong.</summary>
    BadPacket,

    /// <summary>The certificate was revoked or is over, or the router is archived.</summary>
    NoLongerValid,

    /// <summary>The router asks and does not read.</summary>
    NotReading,
    Stopped,
}
