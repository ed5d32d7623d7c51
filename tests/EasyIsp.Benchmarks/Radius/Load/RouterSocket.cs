using System.Net;
using System.Net.Sockets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>
/// One emulated router: a socket with its 256 identifiers. One thread receives on it; that thread or another sends.
/// </summary>
internal sealed class RouterSocket : IDisposable
{
    private const int Identifiers = 256;
    private static readonly TimeSpan ReceiveTimeout = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Router _router;
    private readonly Socket _socket;
    private readonly SocketAddress _auth;
    private readonly SocketAddress _acct;
    private readonly SocketAddress _from = new(AddressFamily.InterNetwork);
    private readonly byte[] _received = new byte[RadiusPacket.MaxSize];
    private readonly Random _random;
    private readonly Pending[] _pending = [.. Enumerable.Range(0, Identifiers).Select(_ => new Pending())];
    private readonly Queue<byte> _free = new(Enumerable.Range(0, Identifiers).Select(identifier => (byte)identifier));

    public RouterSocket(Router router, LoadTarget target, int seed)
    {
        _router = router;
        _random = new Random(seed);
        _auth = new IPEndPoint(IPAddress.Loopback, target.AuthPort).Serialize();
        _acct = new IPEndPoint(IPAddress.Loopback, target.AcctPort).Serialize();
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 4 * 1024 * 1024,
            SendBufferSize = 4 * 1024 * 1024,
            ReceiveTimeout = (int)ReceiveTimeout.TotalMilliseconds,
        };
        _socket.Bind(new IPEndPoint(router.Address, 0));
    }

    public Tally Tally { get; private set; } = new();

    public int Outstanding => Identifiers - _free.Count;

    public void Begin() => Tally = new Tally();

    /// <summary>False when all identifiers are under way.</summary>
    /// <param name="dueAt">From when on the answer is waited for; it may be before now.</param>
    public bool TrySend(Lane lane, long dueAt)
    {
        lock (_lock)
        {
            if (!_free.TryDequeue(out var identifier))
                return false;

            var pending = _pending[identifier];
            Span<byte> authenticator = stackalloc byte[RadiusPacket.AuthenticatorSize];
            _random.NextBytes(authenticator);
            var kind = lane.Step;
            pending.Begin(lane, kind, dueAt, kind.Write(pending.Buffer, identifier, authenticator, lane.Customer, _router).Length);
            Transmit(pending);
            return true;
        }
    }

    /// <summary>Waits a moment for one answer.</summary>
    /// <returns>The lane that may go on; null when nothing came that was waited for.</returns>
    public Lane? Receive()
    {
        int length;
        try
        {
            length = _socket.ReceiveFrom(_received, SocketFlags.None, _from);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return null;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused)
        {
            // Nobody listens yet.
            return null;
        }

        var now = Clock.Now;
        lock (_lock)
        {
            if (!RadiusPacket.TryRead(_received.AsSpan(0, length), out var reply, out var fault))
            {
                Tally.Fail($"a malformed answer: {fault}");
                return null;
            }

            return Settle(reply, now);
        }
    }

    /// <summary>Sends again what has waited for longer than the patience.</summary>
    /// <returns>A lane that waits in vain; null when there is none.</returns>
    public Lane? Sweep(LoadOrder order)
    {
        lock (_lock)
        {
            var now = Clock.Now;
            foreach (var pending in _pending)
            {
                if (!pending.IsWaiting || Clock.Between(pending.SentAt, now).TotalMilliseconds < order.PatienceMilliseconds)
                    continue;
                if (pending.Tries < order.Tries)
                {
                    Tally.Repeated++;
                    Transmit(pending);
                    continue;
                }

                Tally.Lost++;
                return Release(pending);
            }

            return null;
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Transmit(Pending pending)
    {
        pending.SentAt = Clock.Now;
        pending.Tries++;
        _socket.SendTo(pending.Packet, SocketFlags.None, pending.Kind!.IsAccounting ? _acct : _auth);
    }

    private Lane? Settle(in RadiusPacket reply, long now)
    {
        var pending = _pending[reply.Identifier];
        if (!pending.IsWaiting)
        {
            // The answer to a transmission was slower than the one to its repetition.
            Tally.Late++;
            return null;
        }

        RadiusPacket.TryRead(pending.Packet, out var request, out _);
        var check = ResponseAuthenticator.Check(reply, request, _router.Secret);
        if (check is not ReplyCheck.Genuine)
        {
            Tally.Fail($"an answer that does not verify: {check}");
            return null;
        }

        if (pending.Kind!.FaultIn(reply, pending.Lane!.Customer) is { } fault)
            Tally.Fail(fault);
        else
            Tally.Succeed(Clock.Between(pending.DueAt, now), now);
        return Release(pending);
    }

    private Lane Release(Pending pending)
    {
        _free.Enqueue(pending.Buffer[1]);
        return pending.End();
    }
}
