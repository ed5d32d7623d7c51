using System.Net.Sockets;

namespace EasyIsp.Radius.Listen;

/// <summary>One receiving thread's datagrams: as many as have arrived when it looks, up to a bound; elsewhere than on Linux one.</summary>
internal sealed class ReceiveBatch
{
    /// <summary>The first one's answer waits until all of them are worked on.</summary>
    public const int Size = 16;

    private readonly DatagramPool _pool;
    private readonly Datagram[] _datagrams;
    private readonly MessageVector? _vector;

    public ReceiveBatch(DatagramPool pool)
    {
        _pool = pool;
        _vector = OperatingSystem.IsLinux() ? new MessageVector(Size) : null;
        _datagrams = new Datagram[_vector is null ? 1 : Size];
        for (var i = 0; i < _datagrams.Length; i++)
        {
            // The pool's limit has room for those that receive.
            pool.TryRent(out var datagram);
            Put(i, datagram!);
        }
    }

    /// <returns>How many were received.</returns>
    /// <exception cref="SocketException">None could be.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Receive(Socket socket, TimeProvider time)
    {
        if (_vector is null)
        {
            var length = socket.ReceiveFrom(_datagrams[0].Buffer, SocketFlags.None, _datagrams[0].SocketAddress);
            _datagrams[0].Received(length, time.GetTimestamp());
            return 1;
        }

        var count = _vector.Receive(socket.SafeHandle);
        var now = time.GetTimestamp();
        for (var i = 0; i < count; i++)
            _datagrams[i].Received(_vector.NameOf(i), _vector.LengthOf(i), now);
        return count;
    }

    /// <summary>Gives one that was received away, and takes another to receive in its place.</summary>
    /// <returns>Null when there is none: this one is dropped then, and receives again.</returns>
    public Datagram? Take(int index)
    {
        if (!_pool.TryRent(out var next))
            return null;

        var taken = _datagrams[index];
        Put(index, next);
        return taken;
    }

    /// <summary>Receives no more.</summary>
    public void Release() => Array.ForEach(_datagrams, datagram => datagram.Dispose());

    private void Put(int index, Datagram datagram)
    {
        _datagrams[index] = datagram;
        _vector?.SetBuffer(index, datagram.Buffer, 0, datagram.Buffer.Length);
    }
}
