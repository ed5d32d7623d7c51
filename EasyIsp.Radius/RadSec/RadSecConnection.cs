using System.Net;
using System.Net.Security;
using System.Threading.Channels;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.RadSec;

/// <summary>
/// One router's connection (RFC 6614): takes packets out of the stream, hands them to the gate as that router's, and writes
/// replies back in whatever order they come.
/// </summary>
internal sealed class RadSecConnection(
    SslStream stream,
    IPEndPoint peer,
    RouterIdentity identity,
    RequestGate gate,
    NasDirectory directory,
    RadSecOptions options,
    RadiusMetrics metrics,
    TimeProvider clock) : IDisposable
{
    /// <summary>A router that does not take its replies for so long is gone.</summary>
    public static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(30);

    private readonly Channel<Reply> _replies = Channel.CreateUnbounded<Reply>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _places = new(options.MaxOutstanding);
    private readonly CancellationTokenSource _ending = new();
    private int _end = -1;

    public PeerEndpoint Peer { get; } = PeerEndpoint.From(peer);

    public RouterIdentity Identity => identity;

    /// <returns>When it is over, why.</returns>
    public async Task<RadSecEnd> RunAsync(CancellationToken stoppingToken)
    {
        using var stopping = stoppingToken.Register(() => End(RadSecEnd.Stopped));
        var writing = WriteAsync();
        await ReadAsync();
        _replies.Writer.TryComplete();
        await _ending.CancelAsync();
        await writing;
        return (RadSecEnd)_end;
    }

    /// <summary>Ends it, for the first reason that is given.</summary>
    public void End(RadSecEnd why)
    {
        if (Interlocked.CompareExchange(ref _end, (int)why, -1) != -1)
            return;

        try
        {
            _ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was over already.
        }
    }

    /// <summary>When the connection is over the reply goes nowhere, and the router asks again.</summary>
    public void Send(ReadOnlySpan<byte> packet, in Answer answer)
    {
        if (!_replies.Writer.TryWrite(new(packet.ToArray(), answer)))
            metrics.Dropped(DropReason.NotSent);
    }

    /// <summary>A request is off our hands.</summary>
    public void Release()
    {
        try
        {
            _places.Release();
        }
        catch (ObjectDisposedException)
        {
            // The connection was over before its request.
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        _ending.Dispose();
        _places.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[2 * RadiusPacket.MaxSize];
        var held = 0;
        try
        {
            while (await ReceiveAsync(buffer.AsMemory(held)) is > 0 and var received)
            {
                held += received;
                var taken = await TakeAsync(buffer.AsMemory(0, held));
                buffer.AsSpan(taken, held - taken).CopyTo(buffer);
                held -= taken;
            }

            End(RadSecEnd.Closed);
        }
        catch (OperationCanceledException)
        {
            // Somebody has ended it and said why.
        }
        catch (IOException)
        {
            End(RadSecEnd.Closed);
        }
    }

    private async Task<int> ReceiveAsync(Memory<byte> room)
    {
        if (options.IdleTimeout == TimeSpan.Zero)
            return await stream.ReadAsync(room, _ending.Token);

        using var idle = clock.CreateTimer(_ => End(RadSecEnd.Idle), null, options.IdleTimeout, Timeout.InfiniteTimeSpan);
        return await stream.ReadAsync(room, _ending.Token);
    }

    /// <returns>How many octets of whole packets were taken.</returns>
    private async Task<int> TakeAsync(ReadOnlyMemory<byte> held)
    {
        var taken = 0;
        while (true)
        {
            if (!PacketFrame.TryMeasure(held.Span[taken..], out var length))
            {
                metrics.Dropped(DropReason.Malformed);
                Stop(RadSecEnd.BadPacket);
            }

            if (length == 0)
                return taken;

            await TakeOneAsync(held.Slice(taken, length));
            taken += length;
        }
    }

    private async Task TakeOneAsync(ReadOnlyMemory<byte> packet)
    {
        await _places.WaitAsync(_ending.Token);
        var arrival = new StreamedPacket(packet.ToArray(), this, clock.GetTimestamp());
        if (identity.In(directory, clock.GetUtcNow()) is not { } nas)
        {
            arrival.Dispose();
            Stop(RadSecEnd.NoLongerValid);
        }
        else if (!gate.TryTake(arrival, nas))
        {
            Stop(RadSecEnd.BadPacket);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var reply in _replies.Reader.ReadAllAsync(_ending.Token))
            {
                var writing = stream.WriteAsync(reply.Packet, _ending.Token);
                if (!writing.IsCompleted)
                    await PatientlyAsync(writing);
                else
                    await writing;
                metrics.Sent(reply.Answer, clock);
                Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody has ended it and said why.
        }
        catch (IOException)
        {
            End(RadSecEnd.Closed);
        }
    }

    /// <summary>The stream is full: a router that reads makes room.</summary>
    private async Task PatientlyAsync(ValueTask writing)
    {
        using var patience = clock.CreateTimer(_ => End(RadSecEnd.NotReading), null, WritePatience, Timeout.InfiniteTimeSpan);
        await writing;
    }

    private void Stop(RadSecEnd why)
    {
        End(why);
        _ending.Token.ThrowIfCancellationRequested();
    }

    private readonly record struct Reply(byte[] Packet, Answer Answer);
}
