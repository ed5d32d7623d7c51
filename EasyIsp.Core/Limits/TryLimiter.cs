using System.Diagnostics.Metrics;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Limits;

/// <summary>
/// How often something may be tried, counted by all processes together (docs/operations/limits.md). It is asked before the deed, of
/// everything that the deed is counted by at once. While the database does not answer, each process counts by itself: less is
/// known then, but never is everything let through.
/// </summary>
public sealed partial class TryLimiter(
    LimitDataSource database, IMeterFactory meters, IOptions<LimitOptions> options, IServiceScopeFactory scopes, TimeProvider clock, ILogger<TryLimiter> logger)
{
    /// <summary>After a failure the database is not asked for so long: nobody who signs in or pays is to wait for it each time.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Refusals that this process writes into the audit log in a minute: many addresses must not fill it.</summary>
    private static readonly TryRule AuditedRefusals = new("AuditedRefusals", 60, TimeSpan.FromMinutes(1));

    private readonly LimitMemory _memory = new();
    private readonly LimitStore _store = new(database);
    private readonly LimitMetrics _metrics = new(meters);
    private readonly LimitOptions _options = options.Value;
    private long _awayUntil;

    /// <summary>One try of each key, or of none.</summary>
    /// <param name="tenantId">In whose log a refusal is written; null for the platform's.</param>
    /// <param name="keys">
    /// First what is cheap to come by and bounds the rest (an address), last what a stranger must not use up (an account). Of a
    /// <see cref="PauseRule"/> is looked whether it pauses.
    /// </param>
    /// <returns>Null when it may go on.</returns>
    public async Task<LimitRefusal?> TakeAsync(Guid? tenantId, CancellationToken cancellationToken, params IReadOnlyList<LimitKey> keys)
    {
        var now = clock.GetUtcNow();
        foreach (var key in keys)
        {
            if (_memory.RefusedUntil(key, now) is { } until)
                return Refuse(key, until, now);
        }

        if (await AskAsync(() => _store.TakeAsync(keys, [.. keys.Select(key => _memory.FullAt(key, now))], _options, now, cancellationToken), cancellationToken) is not { } taken)
        {
            _metrics.Alone();
            return await TellAsync(_memory.Take(keys, _options, now), tenantId, keys, now, cancellationToken);
        }

        (int, DateTimeOffset, bool)? refusal = null;
        foreach (var one in taken)
        {
            if (one.RefusedUntil is { } until)
                refusal = (one.Place, until, one.IsFirst);
        }

        if (refusal is null)
        {
            foreach (var one in taken)
                _memory.Remember(keys[one.Place], now, fullAt: one.FullAt);
        }

        return await TellAsync(refusal, tenantId, keys, now, cancellationToken);
    }

    /// <summary>What was tried was wrong, in a way that somebody who guesses is wrong.</summary>
    /// <param name="keys">Of <see cref="PauseRule"/>s.</param>
    public async Task<IReadOnlyList<LimitStrike>> FailAsync(CancellationToken cancellationToken, params IReadOnlyList<LimitKey> keys)
    {
        var now = clock.GetUtcNow();
        var counted = await AskAsync(() => _store.FailAsync(keys, now, cancellationToken), cancellationToken)
            ?? [.. keys.Select((key, place) => FailAlone(key, place, now))];
        var strikes = new List<LimitStrike>(counted.Count);
        foreach (var (place, failures, pausedUntil, wasCounted) in counted)
        {
            var rule = (PauseRule)keys[place].Rule;
            _memory.Remember(keys[place], now, refusedUntil: pausedUntil);
            if (wasCounted)
                _metrics.Failed(rule);
            strikes.Add(new LimitStrike(rule, failures, pausedUntil, wasCounted && failures == rule.AlarmAt));
        }

        return strikes;
    }

    private CountedFailure FailAlone(LimitKey key, int place, DateTimeOffset now)
    {
        var (failures, pausedUntil, wasCounted) = _memory.Fail(key, (PauseRule)key.Rule, now);
        return new CountedFailure(place, failures, pausedUntil, wasCounted);
    }

    /// <returns>Null while the database does not answer.</returns>
    private async Task<T?> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken) where T : class
    {
        if (clock.GetTimestamp() < Volatile.Read(ref _awayUntil))
            return null;

        try
        {
            return await ask();
        }
        catch (Exception exception) when (DatabaseAway.Explains(exception) && !cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _awayUntil, clock.GetTimestamp() + (long)(PauseAfterFailure.TotalSeconds * clock.TimestampFrequency));
            LogAway(exception.GetType().Name);
            return null;
        }
    }

    private LimitRefusal Refuse(LimitKey key, DateTimeOffset until, DateTimeOffset now)
    {
        _metrics.Refused(key.Rule);
        return new LimitRefusal(key.Rule.Name, until - now);
    }

    /// <summary>Remembers a refusal; the first one within a window is told too.</summary>
    private async Task<LimitRefusal?> TellAsync(
        (int Place, DateTimeOffset Until, bool IsFirst)? refusal, Guid? tenantId, IReadOnlyList<LimitKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (refusal is not { } refused)
        {
            foreach (var key in keys)
                _metrics.Taken(key.Rule);
            return null;
        }

        var at = keys[refused.Place];
        _memory.Remember(at, now, refusedUntil: refused.Until);
        if (refused.IsFirst)
        {
            // Of which company and from which network: who it was stands in the digest alone.
            var address = at.Address ?? keys.Select(key => key.Address).FirstOrDefault(text => text is not null);
            LogRefused(at.Rule.Name, tenantId, address);
            await AuditAsync(at.Rule, tenantId, address, now, cancellationToken);
        }

        return Refuse(at, refused.Until, now);
    }

    private async Task AuditAsync(LimitRule rule, Guid? tenantId, string? address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_memory.Take([AuditedRefusals.Of("")], _options, now) is not null)
            return;

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await using var db = await scope.ServiceProvider.GetRequiredService<PlatformDatabase>().OpenAsync(cancellationToken);
            scope.ServiceProvider.GetRequiredService<AuditTrail>().RecordFor(
                db, tenantId ?? AuditEvent.OfPlatform, "limit.refuse", subjectId: null, new { Limit = rule.Name, From = string.IsNullOrEmpty(address) ? null : address });
            await db.CommitAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseAway.Explains(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogNotAudited(exception.GetType().Name, rule.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The limit {Rule} refuses: too many tries at company {TenantId} from {Address}; said once in a window")]
    private partial void LogRefused(string rule, Guid? tenantId, string? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shared count of tries does not answer ({Reason}); this process counts by itself")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refusal of the limit {Rule} could not be audited ({Reason})")]
    private partial void LogNotAudited(string reason, string rule);
}
