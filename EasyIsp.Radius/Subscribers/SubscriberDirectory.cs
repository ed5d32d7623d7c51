using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Subscribers;

/// <summary>
/// Subscribers in memory, kept fresh by the database's announcements and good while it is away. Every fact that lets
/// somebody in stands in a row that is remembered here, so its change is noticed; a fact that would let him in but is
/// new is not. Hence the rule of its callers: <b>the memory may say yes; a no is asked of the database again</b>.
/// </summary>
internal sealed class SubscriberDirectory : IDisposable
{
    /// <summary>Subscribers remembered, about a kilobyte each; beyond it all are forgotten and read again.</summary>
    public const int Capacity = 250_000;

    private readonly ConcurrentDictionary<SubscriberKey, Subscriber> _known = new();
    private readonly ConcurrentDictionary<Guid, SubscriberKey[]> _keysOfRow = new();
    private readonly SubscriberReader _reader;
    private readonly IDisposable _subscription;
    private long _generation;

    public SubscriberDirectory(SubscriberReader reader, ChangeFeed feed)
    {
        _reader = reader;
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
            _known.TryRemove(key, out _);
        else
            Remember(key, subscriber, generation);
        return subscriber;
    }

    public void Dispose() => _subscription.Dispose();

    private void Remember(SubscriberKey key, Subscriber subscriber, long generation)
    {
        if (_known.Count >= Capacity)
            ForgetEverything();
        foreach (var row in RowsOf(subscriber))
            _keysOfRow.AddOrUpdate(row, _ => [key], (_, keys) => keys.Contains(key) ? keys : [.. keys, key]);

        _known[key] = subscriber;
        if (generation != Interlocked.Read(ref _generation))
            _known.TryRemove(key, out _);
    }

    private void Forget(Change change)
    {
        if (!change.IsEverything && change.Table is not ("customers" or "customer_devices" or "subscriptions" or "packages" or "reply_attributes" or "tenants"))
            return;

        Interlocked.Increment(ref _generation);
        if (change.IsEverything)
            ForgetEverything();
        else if (change.Ids.Count == 0 || change.Table is "packages" or "reply_attributes" or "tenants")
            ForgetTenant(change.TenantId);

        foreach (var row in change.Ids)
        {
            if (!_keysOfRow.TryRemove(row, out var keys))
                continue;
            foreach (var key in keys)
                _known.TryRemove(key, out _);
        }
    }

    private void ForgetTenant(Guid tenantId)
    {
        foreach (var key in _known.Keys.Where(key => key.TenantId == tenantId))
            _known.TryRemove(key, out _);
    }

    private void ForgetEverything()
    {
        _known.Clear();
        _keysOfRow.Clear();
    }

    private static IEnumerable<Guid> RowsOf(Subscriber subscriber)
        => subscriber.Subscriptions.Select(terms => terms.Id).Append(subscriber.CustomerId);
}
