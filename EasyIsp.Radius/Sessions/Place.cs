using EasyIsp.Core.Shared;
using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Sessions;

/// <summary>A customer's device on one router, from its Access-Accept until its session is over.</summary>
/// <param name="sessionId">The Class of the Accept, and the session's id.</param>
/// <param name="since">When it was let in, or its session began.</param>
internal sealed class Place(
    Guid tenantId, Guid customerId, Guid sessionId, Guid routerId, string? macAddress, DateTimeOffset since)
{
    private const long NoAddress = -1;

    /// <summary>As a number, which is a tenth of the text: there are as many places as customers online.</summary>
    private readonly long _macAddress = macAddress is null ? NoAddress : MacAddress.ToNumber(macAddress);

    public Guid TenantId => tenantId;
    public Guid CustomerId => customerId;
    public Guid SessionId { get; private set; } = sessionId;
    public Guid RouterId => routerId;
    public DateTimeOffset Since { get; private set; } = since;

    /// <summary>Whose session it will be; null for one that was let in elsewhere, or before this worker's start.</summary>
    public SessionOwner? Owner { get; init; }

    /// <summary>How many the customer may have; null where it was not this worker that let it in.</summary>
    public PlaceLimit? Limit { get; init; }

    /// <summary>What its router was told with the Accept, until that is written down with the session.</summary>
    public SessionTerms? Told { get; set; }

    /// <summary>A report of it has come. Until then it is held for a while only.</summary>
    public bool HasStarted { get; set; }

    /// <summary>The database has not heard of it for so long that it no longer counts.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The customer's next one.</summary>
    public Place? Next { get; set; }

    /// <summary>
    /// The device logs in again before its session has begun. It keeps this object: what devices that come again and again
    /// leave behind would be old by then, and old garbage stays longest.
    /// </summary>
    public void Renew(Place again) => (SessionId, Since) = (again.SessionId, again.Since);

    public bool IsSameDeviceAs(Place other) => routerId == other.RouterId && _macAddress != NoAddress && _macAddress == other._macAddress;
}

/// <param name="Count">Devices that one customer may have online at once.</param>
/// <param name="PushesOut">One too many is let in, and the session that began first ends.</param>
internal readonly record struct PlaceLimit(int Count, bool PushesOut = false);
