using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Who is online, in memory: every open session, and the logins whose Start has not come yet. It says whose session a
/// Class is before the database knows, and holds the place of a device between its Accept and its Start, so that two that
/// race do not both get the last one. Its yes holds; its no is asked of the database (<see cref="PlacesReader"/>), because
/// only that knows which sessions are silent.
/// </summary>
internal sealed class Places(TimeProvider clock)
{
    /// <summary>A router that was told yes reports the session within this time, or it did not come about.</summary>
    public static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    /// <summary>After this time a login without a session is forgotten; a late report is known by its user name.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Place> _bySession = [];
    private readonly Dictionary<Guid, Place> _firstOfCustomer = [];
    private readonly Queue<(Place Place, DateTimeOffset At)> _unstarted = new();
    private readonly List<HashSet<Guid>> _endedWhileReading = [];
    private readonly Channel<Crowd> _crowded = Channel.CreateUnbounded<Crowd>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Customers with more sessions than places; the database says whether all of them live.</summary>
    public ChannelReader<Crowd> Crowded => _crowded.Reader;

    /// <summary>What <see cref="Crowded"/> said could not be acted on; it is said again, after whatever waits.</summary>
    public void TellAgain(Crowd crowd) => _crowded.Writer.TryWrite(crowd);

    public int Count
    {
        get
        {
            lock (_lock)
                return _bySession.Count;
        }
    }

    /// <summary>
    /// Takes one of the customer's places, unless other devices have them all. A device that comes again to the same
    /// router takes the place it had: the session it left is a ghost.
    /// </summary>
    public bool TryTake(Place place)
    {
        var limit = place.Limit ?? throw new ArgumentException("A login has a limit.", nameof(place));
        lock (_lock)
        {
            ForgetOldLogins();
            if (!limit.PushesOut && CountOthers(place) >= limit.Count)
                return false;

            if (UnstartedOf(place) is { } same)
            {
                _bySession.Remove(same.SessionId);
                same.Renew(place);
                _bySession[same.SessionId] = same;
            }
            else
            {
                Add(place);
                _unstarted.Enqueue((place, place.Since));
            }

            return true;
        }
    }

    /// <summary>Whether one of the customer's places is free for it; nothing is taken.</summary>
    public bool HasRoom(Place place)
    {
        lock (_lock)
            return CountOthers(place) < place.Limit?.Count;
    }

    /// <summary>The session of a report that names it: it has started, and is not silent.</summary>
    public Place? Hear(Guid tenantId, Guid sessionId)
    {
        lock (_lock)
        {
            if (!_bySession.TryGetValue(sessionId, out var place) || place.TenantId != tenantId)
                return null;
            (place.HasStarted, place.IsSilent) = (true, false);
            return place;
        }
    }

    public Place? Find(Guid tenantId, Guid sessionId)
    {
        lock (_lock)
            return _bySession.TryGetValue(sessionId, out var place) && place.TenantId == tenantId ? place : null;
    }

    /// <summary>The session has ended or will not come about: its place is free at once.</summary>
    public void Free(Guid tenantId, Guid sessionId)
    {
        lock (_lock)
        {
            if (_bySession.TryGetValue(sessionId, out var place))
            {
                if (place.TenantId != tenantId)
                    return;
                Forget(place);
            }

            foreach (var ended in _endedWhileReading)
                ended.Add(sessionId);
        }
    }

    /// <summary>A session is open in the database; one too many is told to <see cref="Crowded"/>.</summary>
    /// <param name="ended">What ended while the database was being asked.</param>
    public void Open(Place session, IReadOnlySet<Guid>? ended = null)
    {
        lock (_lock)
        {
            if (ended?.Contains(session.SessionId) is true)
                return;
            if (_bySession.TryGetValue(session.SessionId, out var known))
                known.HasStarted = true;
            else
                Add(session);
            if (Excess(session.CustomerId) is { } limit)
                _crowded.Writer.TryWrite(new Crowd(session.CustomerId, limit));
        }
    }

    /// <summary>
    /// From now on until <see cref="EndReading"/>, what ends is noted: the database may be read before it ended there, and
    /// its answer arrive afterwards.
    /// </summary>
    public HashSet<Guid> BeginReading()
    {
        lock (_lock)
        {
            var ended = new HashSet<Guid>();
            _endedWhileReading.Add(ended);
            return ended;
        }
    }

    public void EndReading(HashSet<Guid> ended)
    {
        lock (_lock)
            _endedWhileReading.Remove(ended);
    }

    /// <summary>
    /// What the database holds of one customer: the others of his that had started are over, or silent. Not those that have
    /// just begun: the database may not have heard of them yet.
    /// </summary>
    public void Correct(Guid customerId, IReadOnlyCollection<Guid> living)
    {
        lock (_lock)
        {
            var since = clock.GetUtcNow() - StartsWithin;
            for (var place = FirstOf(customerId); place is not null; place = place.Next)
                place.IsSilent = place.HasStarted && place.Since <= since && !living.Contains(place.SessionId);
        }
    }

    /// <summary>
    /// Everything of this tenant (null: of all) that had started well before the database was read, and is not among what
    /// it holds, is over.
    /// </summary>
    public void ForgetOthers(Guid? tenantId, IReadOnlySet<Guid> living, DateTimeOffset readAt)
    {
        lock (_lock)
        {
            var over = _bySession.Values
                .Where(place => place.HasStarted && place.Since < readAt - StartsWithin && (tenantId is null || place.TenantId == tenantId)
                    && !living.Contains(place.SessionId))
                .ToList();
            foreach (var place in over)
                Forget(place);
        }
    }

    private Place? FirstOf(Guid customerId) => _firstOfCustomer.GetValueOrDefault(customerId);

    private int CountOthers(Place wanted)
    {
        var since = clock.GetUtcNow() - StartsWithin;
        var others = 0;
        for (var place = FirstOf(wanted.CustomerId); place is not null; place = place.Next)
        {
            if (!place.IsSameDeviceAs(wanted) && !place.IsSilent && (place.HasStarted || place.Since > since))
                others++;
        }

        return others;
    }

    private PlaceLimit? Excess(Guid customerId)
    {
        PlaceLimit? limit = null;
        var started = 0;
        for (var place = FirstOf(customerId); place is not null; place = place.Next)
        {
            started += place.HasStarted ? 1 : 0;
            limit ??= place.Limit;
        }

        return started > limit?.Count ? limit : null;
    }

    /// <summary>The same login, made before: nothing has come of it.</summary>
    private Place? UnstartedOf(Place wanted)
    {
        for (var place = FirstOf(wanted.CustomerId); place is not null;)
        {
            var next = place.Next;
            if (!place.HasStarted && place.IsSameDeviceAs(wanted))
            {
                if (place.Owner == wanted.Owner && place.Limit == wanted.Limit)
                    return place;
                Forget(place);
            }

            place = next;
        }

        return null;
    }

    private void ForgetOldLogins()
    {
        var until = clock.GetUtcNow() - Memory;
        while (_unstarted.TryPeek(out var oldest) && oldest.At <= until)
        {
            var (place, _) = _unstarted.Dequeue();
            if (place.HasStarted || !_bySession.ContainsKey(place.SessionId))
                continue;
            if (place.Since <= until)
                Forget(place);
            else
                _unstarted.Enqueue((place, place.Since));
        }
    }

    private void Add(Place place)
    {
        _bySession[place.SessionId] = place;
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_firstOfCustomer, place.CustomerId, out _);
        place.Next = first;
        first = place;
    }

    private void Forget(Place place)
    {
        _bySession.Remove(place.SessionId);
        ref var link = ref CollectionsMarshal.GetValueRefOrNullRef(_firstOfCustomer, place.CustomerId);
        if (link != place)
        {
            var before = link;
            while (before.Next != place)
                before = before.Next!;
            before.Next = place.Next;
        }
        else if (place.Next is { } next)
        {
            link = next;
        }
        else
        {
            _firstOfCustomer.Remove(place.CustomerId);
        }
    }
}
