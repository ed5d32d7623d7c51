using System.Collections.Concurrent;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Closes the gap between a login's answer and its session: what is sold or edited in it finds no open session to order
/// a change of. So whoever has begun is looked at again a moment later, against what the database announced since his
/// login.
/// </summary>
internal sealed partial class FreshSessions : BackgroundService
{
    public const string Reason = "changed at login";

    private const int Capacity = 100_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnnouncedWithin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Memory = Places.StartsWithin * 2;

    private readonly Places _places;
    private readonly PlatformDatabase _database;
    private readonly Changing _changing;
    private readonly TimeProvider _clock;
    private readonly ILogger<FreshSessions> _logger;
    private readonly IDisposable _subscription;
    private readonly ConcurrentQueue<Beginning> _begun = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _changed = new();

    public FreshSessions(
        Places places, PlatformDatabase database, Changing changing, ChangeFeed feed, TimeProvider clock, ILogger<FreshSessions> logger)
    {
        (_places, _database, _changing, _clock, _logger) = (places, database, changing, clock, logger);
        _subscription = feed.Subscribe(Note);
    }

    public void Began(Guid tenantId, Guid sessionId) => _begun.Enqueue(new Beginning(tenantId, sessionId, _clock.GetUtcNow()));

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await LookAsync(stoppingToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var overtaken = new List<Guid>();
        for (var left = _begun.Count; left > 0 && _begun.TryDequeue(out var session); left--)
        {
            if (_places.Find(session.TenantId, session.SessionId) is not { Told: not null } place)
                continue;
            if (IsOvertaken(place, session.At))
                overtaken.Add(session.SessionId);
            place.Told = null;
        }

        Forget();
        if (overtaken.Count == 0)
            return;

        try
        {
            await using var db = await _database.OpenAsync(cancellationToken);
            await _changing.ChangeUnlessWaitingAsync(db, overtaken, Reason, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost loop. What is missed is found by the next change, or holds from the next login.
            LogNotLooked(exception, overtaken.Count);
        }
    }

    /// <summary>A package reaches all of its tenant; so does a change too large to be named.</summary>
    private bool IsOvertaken(Place login, DateTimeOffset begunAt)
    {
        Guid?[] rows = [login.TenantId, login.CustomerId, login.Owner?.SubscriptionId];
        return rows.Any(row => row is { } id && _changed.TryGetValue(id, out var at) && at > login.Since && at <= begunAt + AnnouncedWithin);
    }

    private void Note(Change change)
    {
        if (change.Table is not ("customers" or "subscriptions" or "packages"))
            return;

        var now = _clock.GetUtcNow();
        if (change.Ids.Count == 0 || change.Table == "packages" || _changed.Count > Capacity)
            _changed[change.TenantId] = now;
        else
        {
            foreach (var id in change.Ids)
                _changed[id] = now;
        }
    }

    private void Forget()
    {
        var until = _clock.GetUtcNow() - Memory;
        foreach (var (id, at) in _changed)
        {
            if (at < until)
                _changed.TryRemove(id, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} sessions that have just begun could not be compared with what changed since")]
    private partial void LogNotLooked(Exception exception, int count);

    private readonly record struct Beginning(Guid TenantId, Guid SessionId, DateTimeOffset At);
}
