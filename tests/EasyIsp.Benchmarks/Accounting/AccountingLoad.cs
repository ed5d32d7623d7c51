using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Accounting;

/// <summary>
/// One router that keeps so many Interim-Updates outstanding, of sessions in turn, and checks each answer's signature.
/// </summary>
internal sealed class AccountingLoad(IPEndPoint server, Guid[] sessions, int outstanding, int first) : IDisposable
{
    public const string Secret = "testing123";
    public static readonly IPAddress Address = IPAddress.Parse("127.0.1.1");

    private const int Sockets = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Socket _socket = NewSocket();
    private readonly SharedSecret _secret = new(Secret);
    private readonly byte[]?[] _requests = new byte[256][];
    private readonly long[] _sentAt = new long[256];
    private readonly List<TimeSpan> _latencies = new(1 << 20);
    private int _next = first;
    private byte _identifier;
    private long _retransmissions;

    public static LoadFigures Run(IPEndPoint server, Guid[] sessions, int outstanding, TimeSpan duration)
    {
        var loads = Enumerable.Range(0, Sockets)
            .Select(i => new AccountingLoad(server, sessions, outstanding / Sockets, i * sessions.Length / Sockets))
            .ToArray();
        var threads = Array.ConvertAll(loads, load => new Thread(() => load.Run(duration)));
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        var latencies = loads.SelectMany(load => load._latencies).Order().ToArray();
        foreach (var load in loads)
            load.Dispose();
        return new LoadFigures(
            latencies.Length,
            latencies[latencies.Length / 2],
            latencies[(int)(latencies.Length * 0.99)],
            loads.Sum(load => load._retransmissions));
    }

    public void Dispose() => _socket.Dispose();

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };
        socket.Bind(new IPEndPoint(Address, 0));
        return socket;
    }

    private void Run(TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < outstanding; i++)
            SendNext();
        var buffer = new byte[RadiusPacket.MaxSize];
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            if (Receive(buffer) is { } identifier)
            {
                _latencies.Add(Stopwatch.GetElapsedTime(_sentAt[identifier]));
                _requests[identifier] = null;
                SendNext();
            }
        }
    }

    /// <returns>Which request was answered; null when nothing came for long, and everything was sent again.</returns>
    private byte? Receive(byte[] buffer)
    {
        try
        {
            while (true)
            {
                // What is not genuine is a second answer to a request that was sent again.
                var length = _socket.Receive(buffer);
                if (RadiusPacket.TryRead(buffer.AsSpan(0, length), out var reply, out _)
                    && RadiusPacket.TryRead(_requests[reply.Identifier], out var request, out _)
                    && ResponseAuthenticator.Check(reply, request, _secret) is ReplyCheck.Genuine)
                    return reply.Identifier;
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            foreach (var request in _requests.OfType<byte[]>())
            {
                _retransmissions++;
                _socket.SendTo(request, server);
            }

            return null;
        }
    }

    private void SendNext()
    {
        do
            _identifier++;
        while (_requests[_identifier] is not null);

        var number = _next++;
        var request = Write(sessions[number % sessions.Length], number % sessions.Length, (uint)(number / sessions.Length + 1));
        _requests[_identifier] = request;
        _sentAt[_identifier] = Stopwatch.GetTimestamp();
        _socket.SendTo(request, server);
    }

    /// <summary>As RouterOS writes it.</summary>
    private byte[] Write(Guid session, int number, uint round)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        Span<byte> ours = stackalloc byte[16];
        session.TryWriteBytes(ours, bigEndian: true, out _);
        var seconds = (uint)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000);
        var request = PacketWriter.DigestedRequest(buffer, PacketCode.AccountingRequest, _identifier);
        request.AddUInt32(AttributeType.AcctStatusType, (uint)AcctStatusType.InterimUpdate);
        request.AddText(AttributeType.CallingStationId, "BC:24:11:EB:56:4D");
        request.AddText(AttributeType.UserName, $"user{number + 1}");
        request.AddText(AttributeType.AcctSessionId, $"{number + 1:x8}");
        request.AddIPv4(AttributeType.FramedIPAddress, IPAddress.Parse("10.5.88.20"));
        request.Add(AttributeType.Class, ours);
        request.AddUInt32(AttributeType.AcctSessionTime, seconds);
        request.AddUInt32(AttributeType.AcctInputOctets, round * 1000 + seconds);
        request.AddUInt32(AttributeType.AcctInputGigawords, 0);
        request.AddUInt32(AttributeType.AcctOutputOctets, round * 5000 + seconds);
        request.AddUInt32(AttributeType.AcctOutputGigawords, 0);
        request.AddUInt32(AttributeType.AcctDelayTime, 0);
        request.AddIPv4(AttributeType.NasIPAddress, Address);
        return request.Sign(_secret).ToArray();
    }
}

/// <param name="Retransmissions">Requests that waited for longer than a second.</param>
internal sealed record LoadFigures(long Answers, TimeSpan Median, TimeSpan Percentile99, long Retransmissions);
