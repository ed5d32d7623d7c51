using System.Net.Sockets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// One received datagram and the way back to its sender. Buffers are pooled: after disposing, neither the object nor a
/// packet read from it may be touched. Holds at most one reply's worth of work and is used by one thread at a time.
/// </summary>
internal sealed class Datagram : IArrival
{
    private readonly UdpListener _listener;
    private readonly byte[] _buffer;
    private int _length;
    private int _isRented;

    internal Datagram(UdpListener listener, int capacity, AddressFamily addressFamily)
    {
        _listener = listener;
        _buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        SocketAddress = new(addressFamily);
    }

    public ReadOnlyMemory<byte> Octets => _buffer.AsMemory(0, _length);

    public PeerEndpoint Source { get; private set; }

    /// <summary>Ticks of the listener's <see cref="TimeProvider"/>, for latency.</summary>
    public long ReceivedAt { get; private set; }

    /// <summary>Pinned.</summary>
    internal byte[] Buffer => _buffer;

    internal System.Net.SocketAddress SocketAddress { get; }

    /// <summary>
    /// Sends from the socket that received, hence from the address and port the request was sent to (RFC 2865 section
    /// 3). When the network refuses or the listener has stopped, the NAS asks again.
    /// </summary>
    public void Reply(ReadOnlySpan<byte> packet, bool isRepeated = false)
        => _listener.Send(packet, SocketAddress, new Answer((PacketCode)packet[0], ReceivedAt, isRepeated));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isRented, 0) == 1)
            _listener.Return(this);
    }

    internal void Rent() => Volatile.Write(ref _isRented, 1);

    /// <param name="source">As the kernel has it.</param>
    internal void Received(ReadOnlySpan<byte> source, int length, long receivedAt)
    {
        source.CopyTo(SocketAddress.Buffer.Span);
        SocketAddress.Size = source.Length;
        Received(length, receivedAt);
    }

    internal void Received(int length, long receivedAt)
    {
        _length = length;
        ReceivedAt = receivedAt;
        Source = PeerEndpoint.From(SocketAddress);
    }
}
