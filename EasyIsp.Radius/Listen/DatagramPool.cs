using System.Collections.Concurrent;
using System.Net.Sockets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// Datagrams of one listener, made on demand up to a limit that bounds memory and the queue behind a slow database.
/// </summary>
internal sealed class DatagramPool(UdpListener listener, AddressFamily addressFamily, int limit)
{
    private readonly ConcurrentBag<Datagram> _idle = [];
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _rented;

    public int Rented => Volatile.Read(ref _rented);

    /// <summary>
    /// Completes when the last rented datagram is back; the receiver holds one for as long as it receives.
    /// </summary>
    public Task Emptied => _emptied.Task;

    public bool TryRent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Datagram? datagram)
    {
        datagram = null;
        if (Interlocked.Increment(ref _rented) > limit)
        {
            Interlocked.Decrement(ref _rented);
            return false;
        }

        if (!_idle.TryTake(out datagram))
            datagram = new Datagram(listener, RadiusPacket.MaxSize, addressFamily);
        datagram.Rent();
        return true;
    }

    public void Return(Datagram datagram)
    {
        _idle.Add(datagram);
        if (Interlocked.Decrement(ref _rented) == 0)
            _emptied.TrySetResult();
    }
}
