using System.Collections.Concurrent;
using System.Net;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Routers;

/// <summary>Who sends us packets without being a router of anybody: what staff want to see when they add one.</summary>
internal sealed class UnknownSources(RadiusMetrics metrics, TimeProvider clock)
{
    /// <summary>Addresses remembered; spoofed ones must not fill the memory.</summary>
    public const int Capacity = 1000;

    private readonly ConcurrentDictionary<UInt128, UnknownSource> _sources = new();

    /// <summary>The latest first.</summary>
    public IReadOnlyList<UnknownSource> All => [.. _sources.Values.OrderByDescending(source => source.LastSeenAt)];

    public void Note(PeerEndpoint peer)
    {
        metrics.UnknownNas(peer);
        if (_sources.Count >= Capacity && !_sources.ContainsKey(peer.Address))
            return;

        var now = clock.GetUtcNow();
        _sources.AddOrUpdate(
            peer.Address,
            static (_, first) => new UnknownSource(first.Peer.ToIPAddress(), 1, first.At),
            static (_, known, next) => known with { Count = known.Count + 1, LastSeenAt = next.At },
            (Peer: peer, At: now));
    }
}

/// <param name="Count">Datagrams since the worker started.</param>
internal sealed record UnknownSource(IPAddress Address, long Count, DateTimeOffset LastSeenAt);
