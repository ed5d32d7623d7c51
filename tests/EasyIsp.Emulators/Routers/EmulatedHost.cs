using System.Net;

namespace EasyIsp.Emulators.Routers;

/// <summary>A device on the hotspot's network, signed in or not: a row of <c>/ip/hotspot/host</c>.</summary>
public sealed class EmulatedHost
{
    internal EmulatedHost(string rowId, string mac, IPAddress address, DateTimeOffset now)
        => (RowId, Mac, Address, SeenAt) = (rowId, mac, address, now);

    public string Mac { get; }
    public IPAddress Address { get; }
    public DateTimeOffset SeenAt { get; }
    public EmulatedSession? Session { get; internal set; }

    internal string RowId { get; }

    /// <summary>While RADIUS is being asked.</summary>
    internal bool IsAuthorizing { get; set; }
}

/// <summary>How a sign-in ended: a session, or the text that the login page shows.</summary>
public sealed record LoginOutcome(EmulatedSession? Session, string? Error)
{
    public bool IsOnline => Session is not null;
}
