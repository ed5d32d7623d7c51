using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>One UDP socket towards one port of the RADIUS server; a router uses one per class of request (4.1, [D]).</summary>
internal sealed class RadiusExchange : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _closing = new();
    private readonly Waiter?[] _waiters = new Waiter?[256];
    private readonly Lock _gate = new();
    private readonly IPEndPoint _server;
    private readonly TimeProvider _clock;
    private readonly Task _receiving;
    private byte _next;

    public RadiusExchange(IPAddress source, IPEndPoint server, TimeProvider clock)
    {
        (_server, _clock) = (server, clock);
        _socket.Bind(new IPEndPoint(source, 0));
        _receiving = ReceiveAsync();
    }

    /// <summary>While true every answer is lost on the way.</summary>
    public Func<bool> LosesReplies { get; init; } = () => false;

    /// <summary>Sends one packet up to <paramref name="tries"/> times, with one identifier and the same bytes.</summary>
    /// <param name="build">Makes the packet for the identifier it is given.</param>
    /// <param name="accept">Whether an answer to these bytes is genuine; others are ignored and the wait goes on.</param>
    /// <returns>Null when no genuine answer came.</returns>
    public async Task<RadiusPacket?> AskAsync(
        Func<byte, byte[]> build,
        Func<byte[], RadiusPacket, bool> accept,
        int tries,
        int copies,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var (identifier, waiter) = Register(accept);
        try
        {
            waiter.Request = build(identifier);
            for (var attempt = 0; attempt < tries; attempt++)
            {
                for (var copy = 0; copy < copies; copy++)
                    _socket.SendTo(waiter.Request, _server);
                try
                {
                    return await waiter.Reply.Task.WaitAsync(timeout, _clock, cancellationToken);
                }
                catch (TimeoutException)
                {
                    // The next try.
                }
            }

            return null;
        }
        finally
        {
            lock (_gate)
                _waiters[identifier] = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closing.Dispose();
    }

    private (byte Identifier, Waiter Waiter) Register(Func<byte[], RadiusPacket, bool> accept)
    {
        lock (_gate)
        {
            var tried = 0;
            while (_waiters[_next] is not null && tried++ < _waiters.Length)
                _next++;
            if (tried > _waiters.Length)
                throw new InvalidOperationException("256 RADIUS packets are waiting for an answer.");

            var waiter = new Waiter(accept);
            _waiters[_next] = waiter;
            return (_next++, waiter);
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _closing.Token);
                if (received.RemoteEndPoint.Equals(_server) && !LosesReplies()
                    && RadiusPacket.TryParse(buffer.AsSpan(0, received.ReceivedBytes)) is { } reply)
                {
                    Deliver(reply);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private void Deliver(RadiusPacket reply)
    {
        Waiter? waiter;
        lock (_gate)
            waiter = _waiters[reply.Identifier];
        if (waiter is not null && waiter.Accept(waiter.Request, reply))
            waiter.Reply.TrySetResult(reply);
    }

    private sealed class Waiter(Func<byte[], RadiusPacket, bool> accept)
    {
        public byte[] Request { get; set; } = [];
        public Func<byte[], RadiusPacket, bool> Accept { get; } = accept;
        public TaskCompletionSource<RadiusPacket> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
