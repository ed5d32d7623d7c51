using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// Sends Disconnect- and CoA-Requests (RFC 5176) from the address that routers know as their RADIUS server's, and believes only
/// answers that the router's secret made.
/// </summary>
internal sealed partial class CoaClient : IAsyncDisposable
{
    /// <summary>Sendings of the identical packet, each given <see cref="Patience"/>.</summary>
    public const int Transmissions = 3;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Answers of hundreds of routers at once must fit; what does not is lost, and costs its order a <see cref="Patience"/>.</summary>
    private const int SocketBufferBytes = 4 * 1024 * 1024;

    private readonly TimeProvider _clock;
    private readonly ILogger<CoaClient> _logger;
    private readonly Socket _socket;
    private readonly ConcurrentDictionary<(PeerEndpoint Router, byte Identifier), Pending> _pending = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _receiving;
    private int _lastIdentifier;

    public CoaClient(IOptions<RadiusOptions> options, TimeProvider clock, ILogger<CoaClient> logger)
    {
        _clock = clock;
        _logger = logger;
        var address = options.Value.IPAddress;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = SocketBufferBytes };
        _socket.Bind(new IPEndPoint(address, 0));
        _receiving = ReceiveAsync(_stopping.Token);
    }

    /// <summary>Ends a session.</summary>
    /// <exception cref="SocketException">The packet could not be sent.</exception>
    /// <exception cref="PacketOverflowException">The user name is too long.</exception>
    public Task<CoaAnswer> DisconnectAsync(Nas nas, CoaSession session, CancellationToken cancellationToken)
        => AskAsync(nas, PacketCode.DisconnectRequest, session, change: null, cancellationToken);

    /// <summary>Changes a session while it runs.</summary>
    /// <exception cref="SocketException">The packet could not be sent.</exception>
    /// <exception cref="PacketOverflowException">A text is too long.</exception>
    public Task<CoaAnswer> ChangeAsync(Nas nas, CoaSession session, SessionChange change, CancellationToken cancellationToken)
        => AskAsync(nas, PacketCode.CoaRequest, session, change, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task<CoaAnswer> AskAsync(
        Nas nas, PacketCode code, CoaSession session, SessionChange? change, CancellationToken cancellationToken)
    {
        var (identifier, pending) = Register(nas);
        try
        {
            pending.Request = Write(code, identifier, nas, session, change);
            for (var transmission = 1; transmission <= Transmissions; transmission++)
            {
                await _socket.SendToAsync(pending.Request, SocketFlags.None, nas.CoaEndpoint, cancellationToken);
                if (await pending.AnswerWithinAsync(Patience, _clock, cancellationToken) is { } answer)
                    return answer;
            }

            return new CoaAnswer.Silence();
        }
        finally
        {
            _pending.TryRemove((PeerEndpoint.From(nas.CoaEndpoint), identifier), out _);
        }
    }

    private byte[] Write(PacketCode code, byte identifier, Nas nas, CoaSession session, SessionChange? change)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var request = PacketWriter.DynamicAuthorization(buffer, code, identifier, _clock.GetUtcNow());
        request.AddText(AttributeType.UserName, session.UserName);
        if (session.Address is { AddressFamily: AddressFamily.InterNetwork } address)
            request.AddIPv4(AttributeType.FramedIPAddress, address);
        request.AddText(AttributeType.AcctSessionId, session.NasSessionId);
        if (change is not null)
            Add(ref request, change);
        return request.Sign(nas.Secret).ToArray();
    }

    private static void Add(ref PacketWriter request, SessionChange change)
    {
        if (change.RateLimit is { } rate)
            request.AddText(MikrotikAttribute.RateLimit, rate);
        if (change.SessionSeconds is { } seconds)
            request.AddUInt32(AttributeType.SessionTimeout, seconds);
        if (change.IdleSeconds is { } idle)
            request.AddUInt32(AttributeType.IdleTimeout, idle);
        if (change.Group is { } group)
            request.AddText(MikrotikAttribute.Group, group);
        if (change.FilterId is { } filter)
            request.AddText(AttributeType.FilterId, filter);
    }

    private (byte Identifier, Pending Pending) Register(Nas nas)
    {
        var router = PeerEndpoint.From(nas.CoaEndpoint);
        var pending = new Pending(nas.Secret);
        byte identifier;
        do
        {
            identifier = (byte)Interlocked.Increment(ref _lastIdentifier);
        }
        while (!_pending.TryAdd((router, identifier), pending));
        return (identifier, pending);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[RadiusPacket.MaxSize];
        var any = new IPEndPoint(_socket.AddressFamily is AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, cancellationToken);
                Take(buffer.AsSpan(0, received.ReceivedBytes), PeerEndpoint.From((IPEndPoint)received.RemoteEndPoint));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                LogNotReceived(exception.SocketErrorCode);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, PeerEndpoint from)
    {
        if (RadiusPacket.TryRead(datagram, out var reply, out _)
            && _pending.TryGetValue((from, reply.Identifier), out var pending)
            && !pending.Take(reply))
            LogForged(from);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer to an order could not be received: {Error}")]
    private partial void LogNotReceived(SocketError error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer to an order from {Router} was not made with its secret; waiting on")]
    private partial void LogForged(PeerEndpoint router);

    private sealed class Pending(SharedSecret secret)
    {
        private readonly TaskCompletionSource<CoaAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Request { get; set; } = [];

        /// <returns>False when the answer is not genuine: a forged one must not end the wait.</returns>
        public bool Take(in RadiusPacket reply)
        {
            if (!RadiusPacket.TryRead(Request, out var request, out _)
                || ResponseAuthenticator.Check(reply, request, secret) is not ReplyCheck.Genuine)
                return false;

            _answer.TrySetResult(reply.Code is PacketCode.DisconnectAck or PacketCode.CoaAck
                ? new CoaAnswer.Acknowledged()
                : new CoaAnswer.Refused(reply.TryGetUInt32(AttributeType.ErrorCause, out var cause) ? (ErrorCause)cause : null));
            return true;
        }

        /// <returns>Null when the time is up.</returns>
        public async Task<CoaAnswer?> AnswerWithinAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
        {
            try
            {
                return await _answer.Task.WaitAsync(patience, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }
}

/// <summary>A session as its router knows it (mikrotik.md, 4.8: a hotspot's needs the address, several of one user the id).</summary>
/// <param name="UserName">It may be a voucher's code, which is money: the record does not print it.</param>
internal sealed record CoaSession(string UserName, IPAddress? Address, string NasSessionId)
{
    public override string ToString() => NasSessionId;
}
