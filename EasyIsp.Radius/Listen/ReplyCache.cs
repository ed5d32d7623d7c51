namespace EasyIsp.Radius.Listen;

internal enum ReplyCacheOutcome
{
    /// <summary>
    /// Work on it; end with <see cref="ReplyCache.TryComplete"/> or <see cref="ReplyCache.Abandon"/>.
    /// </summary>
    New,

    /// <summary>The first transmission is still being worked on: send nothing.</summary>
    InProgress,

    /// <summary>Send the very same octets again (<see cref="ReplyCache.Recall"/>).</summary>
    Answered,
}

/// <summary>
/// Remembers replies, so that a retransmission changes nothing and gets the first answer again (RFC 5080 section
/// 2.2.2). One per listening port, because Status-Server has the same code on both. Ask it only after the request has
/// proved genuine: a forged packet could otherwise displace a real one from its slot. Safe for many threads.
/// </summary>
internal sealed class ReplyCache : IDisposable
{
    /// <summary>Longer than any NAS keeps repeating a packet.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>Requests remembered; beyond it the oldest are forgotten. About 100 MB of usual replies.</summary>
    public const int DefaultCapacity = 262_144;

    private const int ShardCount = 16;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly ReplyCacheShard[] _shards;
    private readonly ITimer _sweeper;

    public ReplyCache(TimeProvider time, int capacity = DefaultCapacity)
    {
        var perShard = Math.Max(1, capacity / ShardCount);
        _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new ReplyCacheShard(time, Lifetime, perShard))];
        _sweeper = time.CreateTimer(_ => Sweep(), state: null, SweepInterval, SweepInterval);
    }

    /// <summary>How many requests are remembered now.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    public ReplyCacheOutcome Begin(in RequestKey key) => ShardOf(key).Begin(key);

    /// <param name="reply">Room for a packet.</param>
    /// <returns>The length of what was answered; 0 when it has been forgotten meanwhile.</returns>
    public int Recall(in RequestKey key, Span<byte> reply) => ShardOf(key).Recall(key, reply);

    /// <summary>
    /// Keeps a copy of the reply that is to be sent. False when the client has since used the identifier for another
    /// request: the reply is out of date then and is not to be sent.
    /// </summary>
    public bool TryComplete(in RequestKey key, ReadOnlySpan<byte> reply) => ShardOf(key).TryComplete(key, reply);

    /// <summary>The request stays unanswered: its next transmission is worked on anew.</summary>
    public void Abandon(in RequestKey key) => ShardOf(key).Abandon(key);

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (var shard in _shards)
            shard.Clear();
    }

    private void Sweep()
    {
        foreach (var shard in _shards)
            shard.Sweep();
    }

    private ReplyCacheShard ShardOf(in RequestKey key)
        => _shards[(uint)key.Slot.GetHashCode() % ShardCount];
}
