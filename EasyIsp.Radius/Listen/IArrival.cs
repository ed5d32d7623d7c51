namespace EasyIsp.Radius.Listen;

/// <summary>A packet that has arrived, and the way back to who sent it: a datagram, or a part of a connection's stream.</summary>
internal interface IArrival : IDisposable
{
    ReadOnlyMemory<byte> Octets { get; }

    PeerEndpoint Source { get; }

    /// <summary>Ticks of the listener's <see cref="TimeProvider"/>, for latency.</summary>
    long ReceivedAt { get; }

    /// <summary>Sends the reply, and counts it when it has been sent, or else as dropped.</summary>
    /// <param name="isRepeated">The same reply was sent to this request before.</param>
    void Reply(ReadOnlySpan<byte> packet, bool isRepeated = false);
}
