using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Policy;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Subscribers;

/// <summary>
/// Subscribers in memory, kept fresh by the database's announcements and good while it is away. Every fact that lets
/// somebody in stands in a row that is remembered here, so its change is noticed; a fact that would let him in but is
/// new is not. Hence the rule of its callers: <b>the memory may say yes; a no is asked of the database again</b>. What has
/// changed is not forgotten but in doubt until it is read again: the database may be away by then.
/// </summary>
internal sealed class SubscriberDirectory : IDisposable
{
    /// <summary>Of those that are too many, so great a part is forgotten at once.</summary>
    private const int PartForgotten = 16;

    private readonly ConcurrentDictionary<SubscriberKey, Remembered> _known = new();

    /// <summary>By the customer and by each of his subscriptions.</summary>
    private readonly ConcurrentDictionary<Guid, Remembered> _byRow = new();

    private readonly SubscriberReader _reader;
    private readonly IDisposable _subscription;
    private readonly int _capacity;
    private long _generation;
    private int _count;

    public SubscriberDirectory(SubscriberReader reader, ChangeFeed feed, IOptions<RadiusOptions> options)
    {
        _reader = reader;
        _capacity = options.Value.SubscriberCapacity;
        _subscription = feed.Subscribe(Doubt);
    }

    /// <param name="isInDoubt">He may have changed since: good only where the database cannot be asked.</param>
    public bool TryRecall(SubscriberKey key, [NotNullWhen(true)] out Subscriber? subscriber, out bool isInDoubt)
    {
        if (!_known.TryGetValue(key, out var remembered))
        {
            (subscriber, isInDoubt) = (null, false);
            return false;
        }

        isInDoubt = remembered.IsInDoubt;
        subscriber = remembered.Subscriber;
        return true;
    }

    /// <summary>Asks the database and remembers the answer.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<Subscriber?> ReadAsync(SubscriberKey key, CancellationToken cancellationToken)
    {
        var generation = Interlocked.Read(ref _generation);
        var subscriber = await _reader.ReadAsync(key, cancellationToken);
        if (subscriber is null)
            Forget(key);
        else
            Remember(key, subscriber, generation);
        return subscriber;
    }

    public void Dispose() => _subscription.Dispose();

    private void Remember(SubscriberKey key, Subscriber subscriber, long generation)
    {
        if (Volatile.Read(ref _count) >= _capacity)
            ForgetSome();
        var remembered = _byRow.GetOrAdd(subscriber.CustomerId, static _ => new Remembered());
        var before = remembered.Renew(subscriber);
        foreach (var terms in subscriber.Subscriptions)
            _byRow[terms.Id] = remembered;
        foreach (var gone in before?.Subscriptions ?? [])
        {
            if (subscriber.Subscriptions.All(terms => terms.Id != gone.Id))
                _byRow.TryRemove(gone.Id, out _);
        }

        if (_known.TryAdd(key, remembered))
            Interlocked.Increment(ref _count);
        else
            _known[key] = remembered;
        // Something changed while the answer was on its way, perhaps this; or he was being forgotten by another key.
        if (generation != Interlocked.Read(ref _generation) || _byRow.GetValueOrDefault(subscriber.CustomerId) != remembered)
            remembered.IsInDoubt = true;
    }

    /// <summary>Another key may lead to the same customer: who is no longer found by his rows must be read again there too.</summary>
    private void Forget(SubscriberKey key)
    {
        if (!_known.TryRemove(key, out var remembered))
            return;

        Interlocked.Decrement(ref _count);
        foreach (var terms in remembered.Subscriber.Subscriptions)
            _byRow.TryRemove(terms.Id, out _);
        _byRow.TryRemove(remembered.Subscriber.CustomerId, out _);
        remembered.IsInDoubt = true;
    }

    private void Doubt(Change change)
    {
        if (!change.IsEverything && change.Table is not ("customers" or "customer_devices" or "subscriptions" or "packages" or "reply_attributes" or "tenants"))
            return;

        Interlocked.Increment(ref _generation);
        if (change.IsEverything || change.Ids.Count == 0 || change.Table is "packages" or "reply_attributes" or "tenants")
            DoubtAll(ofTenant: change.IsEverything ? null : change.TenantId);
        foreach (var row in change.Ids)
        {
            if (_byRow.TryGetValue(row, out var remembered))
                remembered.IsInDoubt = true;
        }
    }

    private void DoubtAll(Guid? ofTenant)
    {
        foreach (var (key, remembered) in _known)
        {
            if (ofTenant is null || key.TenantId == ofTenant)
                remembered.IsInDoubt = true;
        }
    }

    /// <summary>Whoever the table gives first: who logs in often is read again soon, and nobody's order need be kept.</summary>
    private void ForgetSome()
    {
        foreach (var (key, _) in _known.Take(Math.Max(1, _capacity / PartForgotten)))
            Forget(key);
    }

    /// <summary>One customer, by however many keys he is found.</summary>
    private sealed class Remembered
    {
        private volatile Subscriber? _subscriber;
        private volatile bool _isInDoubt;

        public Subscriber Subscriber => _subscriber!;

        public bool IsInDoubt
        {
            get => _isInDoubt;
            set => _isInDoubt = value;
        }

        /// <returns>As he was before.</returns>
        public Subscriber? Renew(Subscriber subscriber)
        {
            var before = Interlocked.Exchange(ref _subscriber, subscriber);
            _isInDoubt = false;
            return before;
        }
    }
}
