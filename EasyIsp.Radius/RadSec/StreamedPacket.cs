using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.RadSec;

/// <summary>A packet out of a connection's stream, and the way back into that connection and no other.</summary>
internal sealed class StreamedPacket(byte[] octets, RadSecConnection connection, long receivedAt) : IArrival
{
    private int _isReleased;

    public ReadOnlyMemory<byte> Octets => octets;

    public PeerEndpoint Source => connection.Peer;

    public long ReceivedAt => receivedAt;

    public void Reply(ReadOnlySpan<byte> packet, bool isRepeated = false)
    {
        // Its place is free when the reply has been written: who does not read is not read from either.
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            connection.Send(packet, new Answer((PacketCode)packet[0], ReceivedAt, isRepeated));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            connection.Release();
    }
}
