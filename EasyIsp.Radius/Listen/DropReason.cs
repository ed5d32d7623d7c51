namespace EasyIsp.Radius.Listen;

/// <summary>Why a datagram got no reply; each drop counts under exactly one.</summary>
internal enum DropReason
{
    /// <summary>More datagrams in work than the listener holds.</summary>
    Overload,

    /// <summary>More requests in work of this router, or of its tenant, than may be.</summary>
    TooManyInWork,

    /// <summary>It waited so long for the database that its router has given up.</summary>
    TooLate,
    NotReceived,
    NotSent,
    HandlerFailed,
    Malformed,
    UnexpectedCode,
    UnknownNas,
    WrongRequestAuthenticator,
    MissingMessageAuthenticator,
    WrongMessageAuthenticator,
    MalformedMessageAuthenticator,
    UnprotectedProxyState,

    /// <summary>The request was replaced by a newer one with its identifier while it was worked on.</summary>
    Superseded,

    /// <summary>The router asks too often whether we live.</summary>
    StatusServerLimit,

    /// <summary>Values that were to be said do not fit a packet.</summary>
    ReplyTooLong,
    MissingAttribute,

    /// <summary>What was asked for could not be looked up or stored; the NAS asks again.</summary>
    DatabaseUnavailable,

    /// <summary>The database is away, and the room on disk for what waits for it is used up; the NAS asks again.</summary>
    SpoolFull,
}
