namespace EasyIsp.Radius.Listen;

/// <summary>A packet that has arrived, and the way back to who sent it: a datagram, or a part of a connection's stream.</summary>
internal interface IArrival : IDisposable
{
    ReadOnlyMemory<byte> Octets { get; }

    PeerEndpoint Source { get; }

    /// <summary>Ticks of the listener's <see cref="TimeProvider"/>, for latency.</summary>
    long ReceivedAt { get; }

    /// <returns>False when the reply cannot be sent any more.</returns>
    bool Reply(ReadOnlySpan<byte> packet);
}
