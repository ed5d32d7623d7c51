namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>
/// Thrown by <see cref="RouterConnector"/> when a router can't be reached or refuses the sign-in, and by every method of
/// <see cref="IRouterClient"/> when the router refuses the command or the connection is lost under it.
/// The message is the router's own text where it gave one; it never holds a word of the request.
/// </summary>
public sealed class RouterOsException(
    RouterOsFailure failure,
    string message,
    Exception? inner = null,
    RouterOsErrorCategory? category = null) : Exception(message, inner)
{
    public RouterOsFailure Failure { get; } = failure;

    /// <summary>Only on refusals, and often absent there too.</summary>
    public RouterOsErrorCategory? Category { get; } = category;

    /// <summary>The row is gone already: sessions end by themselves between a list and a removal.</summary>
    public bool IsNoSuchItem => Failure is RouterOsFailure.Refused
        && Message.StartsWith("no such item", StringComparison.OrdinalIgnoreCase);
}

public enum RouterOsFailure
{
    /// <summary>No TCP or TLS connection, or another certificate than the pinned one.</summary>
    Unreachable,

    /// <summary>Wrong user name or password, or a user without the <c>api</c> policy.</summary>
    SignInRefused,

    /// <summary>The router answered <c>!trap</c>; the connection goes on.</summary>
    Refused,

    /// <summary>Closed, silent past the time limit, or no RouterOS API at all; whether the command was done is unknown.</summary>
    ConnectionLost,
}

/// <summary>The numbers of <c>=category=</c> (mikrotik.md 1.3).</summary>
public enum RouterOsErrorCategory
{
    MissingItemOrCommand = 0,
    ArgumentValue = 1,
    Interrupted = 2,
    Scripting = 3,
    General = 4,
    Api = 5,
    Tty = 6,
    ReturnValue = 7,
}
