using System.Collections.Concurrent;

namespace EasyIsp.Core.Limits;

/// <summary>
/// What this process knows of the buckets. While the database answers, it saves asking it about who was refused a moment ago;
/// while it is away, it is what counts: each process then gives as much as the rule says, and never more.
/// </summary>
internal sealed class LimitMemory
{
    /// <summary>About 15 MB. Whoever comes when all are in use is refused while the database is away, and asks it otherwise.</summary>
    internal const int Capacity = 100_000;

    private readonly ConcurrentDictionary<UInt128, Bucket> _buckets = new();
    private int _isSweeping;

    /// <returns>When this key was said to be refused until; null when nothing is known.</returns>
    public DateTimeOffset? RefusedUntil(LimitKey key, DateTimeOffset now)
        => _buckets.TryGetValue(key.Digest, out var bucket) && bucket.RefusedUntil > now ? bucket.RefusedUntil : null;

    /// <returns>Until when it is used up, as far as is known here.</returns>
    public DateTimeOffset FullAt(LimitKey key, DateTimeOffset now)
        => _buckets.TryGetValue(key.Digest, out var bucket) && bucket.FullAt > now ? bucket.FullAt : now;

    /// <summary>The database has said so.</summary>
    public void Remember(LimitKey key, DateTimeOffset now, DateTimeOffset? fullAt = null, DateTimeOffset? refusedUntil = null)
    {
        if (Find(key, now) is not { } bucket)
            return;

        lock (bucket)
        {
            if (fullAt > bucket.FullAt)
                bucket.FullAt = fullAt.Value;
            if (refusedUntil is { } until)
                (bucket.RefusedUntil, bucket.FullAt) = (until, bucket.FullAt > until ? bucket.FullAt : until);
        }
    }

    /// <summary>What <c>take_tries</c> does, of this process alone.</summary>
    /// <returns>The place of the key that refuses, and until when; null when all had a try left.</returns>
    public (int Place, DateTimeOffset Until, bool IsFirst)? Take(IReadOnlyList<LimitKey> keys, LimitOptions options, DateTimeOffset now)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Rule is not TryRule rule)
                continue;

            rule = options.Of(rule);
            if (TryTake(keys[i], rule, now) is not { } refusal)
                continue;

            foreach (var taken in keys.Take(i))
                GiveBack(taken, options);
            return (i, refusal.Until, refusal.IsFirst);
        }

        return null;
    }

    /// <summary>What <c>count_failures</c> does, of this process alone.</summary>
    public (int Failures, DateTimeOffset? PausedUntil, bool WasCounted) Fail(LimitKey key, PauseRule rule, DateTimeOffset now)
    {
        if (Find(key, now) is not { } bucket)
            return (0, now + rule.First, false);

        lock (bucket)
        {
            if (bucket.RefusedUntil > now)
                return (bucket.Failures, bucket.RefusedUntil, false);

            bucket.Failures = bucket.FullAt <= now ? 1 : bucket.Failures + 1;
            DateTimeOffset? until = bucket.Failures > rule.Free ? now + rule.PauseAfter(bucket.Failures) : null;
            bucket.RefusedUntil = until ?? bucket.RefusedUntil;
            bucket.FullAt = now + rule.Forgotten;
            return (bucket.Failures, until, true);
        }
    }

    private (DateTimeOffset Until, bool IsFirst)? TryTake(LimitKey key, TryRule rule, DateTimeOffset now)
    {
        if (Find(key, now) is not { } bucket)
            return (now + rule.Step, false);

        lock (bucket)
        {
            var window = rule.Step * rule.Tries;
            var used = (bucket.FullAt > now ? bucket.FullAt : now) + rule.Step;
            if (used <= now + window)
            {
                bucket.FullAt = used;
                return null;
            }

            var isFirst = bucket.ToldAt is not { } told || told + window <= now;
            if (isFirst)
                bucket.ToldAt = now;
            bucket.RefusedUntil = used - window;
            return (bucket.RefusedUntil, isFirst);
        }
    }

    private void GiveBack(LimitKey key, LimitOptions options)
    {
        if (key.Rule is TryRule rule && _buckets.TryGetValue(key.Digest, out var bucket))
        {
            lock (bucket)
                bucket.FullAt -= options.Of(rule).Step;
        }
    }

    /// <returns>Null when there is no room for one more.</returns>
    private Bucket? Find(LimitKey key, DateTimeOffset now)
    {
        if (_buckets.TryGetValue(key.Digest, out var known))
            return known;
        if (_buckets.Count >= Capacity)
            ForgetFull(now);
        return _buckets.Count >= Capacity ? null : _buckets.GetOrAdd(key.Digest, static _ => new Bucket());
    }

    /// <summary>What is whole again says nothing.</summary>
    private void ForgetFull(DateTimeOffset now)
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) == 1)
            return;

        foreach (var (digest, bucket) in _buckets)
        {
            if (bucket.FullAt <= now && bucket.RefusedUntil <= now)
                _buckets.TryRemove(digest, out _);
        }

        Volatile.Write(ref _isSweeping, 0);
    }

    private sealed class Bucket
    {
        public DateTimeOffset FullAt { get; set; }
        public DateTimeOffset RefusedUntil { get; set; }
        public DateTimeOffset? ToldAt { get; set; }
        public int Failures { get; set; }
    }
}
