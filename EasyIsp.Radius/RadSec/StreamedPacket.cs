using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.RadSec;

/// <summary>A packet out of a connection's stream, and the way back into that connection and no other.</summary>
internal sealed class StreamedPacket(byte[] octets, RadSecConnection connection, long receivedAt) : IArrival
{
    private int _isReleased;

    public ReadOnlyMemory<byte> Octets => octets;

    public PeerEndpoint Source => connection.Peer;

    public long ReceivedAt => receivedAt;

    public bool Reply(ReadOnlySpan<byte> packet)
    {
        // Its place is free when the reply has been written: who does not read is not read from either.
        return Interlocked.Exchange(ref _isReleased, 1) == 0 && connection.Send(packet);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            connection.Release();
    }
}
