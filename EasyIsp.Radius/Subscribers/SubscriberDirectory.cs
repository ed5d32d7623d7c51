using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Policy;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Subscribers;

/// <summary>
/// Subscribers in memory, kept fresh by the database's announcements and good while it is away. Every fact that lets
/// somebody in stands in a row that is remembered here, so its change is noticed; a fact that would let him in but is
/// new is not. Hence the rule of its callers: <b>the memory may say yes; a no is asked of the database again</b>.
/// </summary>
internal sealed class SubscriberDirectory : IDisposable
{
    /// <summary>Of those that are too many, so great a part is forgotten at once.</summary>
    private const int PartForgotten = 16;

    private readonly ConcurrentDictionary<SubscriberKey, Subscriber> _known = new();
    private readonly ConcurrentDictionary<Guid, SubscriberKey[]> _keysOfRow = new();
    private readonly SubscriberReader _reader;
    private readonly IDisposable _subscription;
    private readonly int _capacity;
    private long _generation;
    private int _count;

    public SubscriberDirectory(SubscriberReader reader, ChangeFeed feed, IOptions<RadiusOptions> options)
    {
        _reader = reader;
        _capacity = options.Value.SubscriberCapacity;
        _subscription = feed.Subscribe(Forget);
    }

    public bool TryRecall(SubscriberKey key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Subscriber? subscriber)
        => _known.TryGetValue(key, out subscriber);

    /// <summary>Asks the database and remembers the answer, unless something changed while it was on its way.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<Subscriber?> ReadAsync(SubscriberKey key, CancellationToken cancellationToken)
    {
        var generation = Interlocked.Read(ref _generation);
        var subscriber = await _reader.ReadAsync(key, cancellationToken);
        if (subscriber is null)
            Remove(key);
        else
            Remember(key, subscriber, generation);
        return subscriber;
    }

    public void Dispose() => _subscription.Dispose();

    private void Remember(SubscriberKey key, Subscriber subscriber, long generation)
    {
        if (Volatile.Read(ref _count) >= _capacity)
            ForgetSome();
        foreach (var row in RowsOf(subscriber))
            _keysOfRow.AddOrUpdate(row, static (_, key) => [key], static (_, keys, key) => keys.Contains(key) ? keys : [.. keys, key], key);

        if (_known.TryAdd(key, subscriber))
            Interlocked.Increment(ref _count);
        else
            _known[key] = subscriber;
        if (generation != Interlocked.Read(ref _generation))
            Remove(key);
    }

    private void Remove(SubscriberKey key)
    {
        if (_known.TryRemove(key, out _))
            Interlocked.Decrement(ref _count);
    }

    private void Forget(Change change)
    {
        if (!change.IsEverything && change.Table is not ("customers" or "subscriptions" or "packages"))
            return;

        Interlocked.Increment(ref _generation);
        if (change.IsEverything)
            ForgetEverything();
        else if (change.Ids.Count == 0 || change.Table == "packages")
            ForgetTenant(change.TenantId);

        foreach (var row in change.Ids)
        {
            if (!_keysOfRow.TryRemove(row, out var keys))
                continue;
            Array.ForEach(keys, Remove);
        }
    }

    private void ForgetTenant(Guid tenantId)
    {
        foreach (var (key, _) in _known)
        {
            if (key.TenantId == tenantId)
                Remove(key);
        }
    }

    /// <summary>Whoever the table gives first: who logs in often is read again soon, and nobody's order need be kept.</summary>
    private void ForgetSome()
    {
        foreach (var (key, subscriber) in _known.Take(Math.Max(1, _capacity / PartForgotten)))
        {
            Remove(key);
            foreach (var row in RowsOf(subscriber))
                _keysOfRow.TryRemove(row, out _);
        }
    }

    private void ForgetEverything()
    {
        _known.Clear();
        _keysOfRow.Clear();
        Volatile.Write(ref _count, 0);
    }

    private static IEnumerable<Guid> RowsOf(Subscriber subscriber)
        => subscriber.Subscriptions.Select(terms => terms.Id).Append(subscriber.CustomerId);
}
