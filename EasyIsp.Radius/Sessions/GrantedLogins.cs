using System.Collections.Concurrent;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// The logins of the last minutes. They say whose session a Class is before it is in the database, and hold the place
/// of a device between its Accept and its Start, so that two that race do not both get the last one.
/// </summary>
internal sealed class GrantedLogins(TimeProvider clock)
{
    /// <summary>A router that was told yes reports the session within this time, or it did not come about.</summary>
    public static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    /// <summary>After this time a session is known by its row, or by its user name.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Lock _granting = new();
    private readonly ConcurrentDictionary<Guid, GrantedLogin> _byId = new();
    private readonly Dictionary<Guid, List<GrantedLogin>> _byCustomer = [];
    private readonly Queue<GrantedLogin> _byAge = new();

    /// <summary>
    /// Gives one of the places, unless other devices have them all. A device that comes again to the same router takes
    /// the place it had: the session it left is a ghost.
    /// </summary>
    public bool TryGrant(GrantedLogin login, IReadOnlyList<OnlineDevice> online, int places)
    {
        var customerId = login.Owner.CustomerId ?? throw new ArgumentException("Places are a customer's.", nameof(login));
        lock (_granting)
        {
            Expire();
            var recent = _byCustomer.GetValueOrDefault(customerId) ?? [];
            if (CountOthers(login, online, recent) >= places)
                return false;

            recent.RemoveAll(other => IsSameDevice(login, other.RouterId, other.MacAddress));
            recent.Add(login);
            _byCustomer[customerId] = recent;
            _byAge.Enqueue(login);
            _byId[login.SessionId] = login;
            return true;
        }
    }

    public GrantedLogin? Find(Guid tenantId, Guid sessionId)
        => _byId.TryGetValue(sessionId, out var login) && login.TenantId == tenantId ? login : null;

    /// <summary>The session has ended or will not come about: its place is free at once.</summary>
    public void Release(Guid sessionId)
    {
        if (!_byId.TryGetValue(sessionId, out var login))
            return;

        lock (_granting)
            RemovePlace(login);
    }

    private int CountOthers(GrantedLogin login, IReadOnlyList<OnlineDevice> online, List<GrantedLogin> recent)
    {
        var since = clock.GetUtcNow() - StartsWithin;
        return online.Count(device => !IsSameDevice(login, device.RouterId, device.MacAddress))
            + recent.Count(other => other.At > since
                && !IsSameDevice(login, other.RouterId, other.MacAddress)
                && online.All(device => device.SessionId != other.SessionId));
    }

    private static bool IsSameDevice(GrantedLogin login, Guid routerId, string? macAddress)
        => login.RouterId == routerId && login.MacAddress is not null && login.MacAddress == macAddress;

    private void Expire()
    {
        var until = clock.GetUtcNow() - Memory;
        while (_byAge.TryPeek(out var oldest) && oldest.At <= until)
        {
            _byAge.Dequeue();
            _byId.TryRemove(oldest.SessionId, out _);
            RemovePlace(oldest);
        }
    }

    private void RemovePlace(GrantedLogin login)
    {
        if (login.Owner.CustomerId is not { } customerId || !_byCustomer.TryGetValue(customerId, out var recent))
            return;

        recent.Remove(login);
        if (recent.Count == 0)
            _byCustomer.Remove(customerId);
    }
}
