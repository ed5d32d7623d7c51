using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Process;

/// <summary>
/// One genuine request, from its arrival to its one answer. Whoever works on it ends it with exactly one of
/// <see cref="Reply"/> and <see cref="Abandon"/>, and does not touch it afterwards.
/// </summary>
internal abstract class Exchange(IArrival arrival, Nas nas, TimeProvider clock)
{
    public Nas Nas => nas;

    public DateTimeOffset ReceivedAt { get; } = clock.GetUtcNow();

    /// <summary>Read anew each time, since a packet is a view that cannot live across an await.</summary>
    public RadiusPacket Request
        => RadiusPacket.TryRead(arrival.Octets.Span, out var request, out _)
            ? request
            : throw new InvalidOperationException("The exchange has ended.");

    public TimeSpan Elapsed => clock.GetElapsedTime(arrival.ReceivedAt);

    protected IArrival Arrival => arrival;

    public abstract void Reply(ReadOnlySpan<byte> packet);

    /// <summary>Leaves the request unanswered; when it is sent again, it is worked on anew.</summary>
    public abstract void Abandon(DropReason reason);
}

/// <summary>A router's request.</summary>
internal sealed class RouterExchange(
    IArrival arrival, Nas nas, RequestKey key, ReplyCache cache, Admission admission, RadiusMetrics metrics, TimeProvider clock)
    : Exchange(arrival, nas, clock)
{
    private int _hasEnded;

    public override void Reply(ReadOnlySpan<byte> packet)
    {
        if (!cache.TryComplete(key, packet))
            metrics.Dropped(DropReason.Superseded);
        else
            Arrival.Reply(packet);
        End();
    }

    public override void Abandon(DropReason reason)
    {
        cache.Abandon(key);
        metrics.Dropped(reason);
        End();
    }

    private void End()
    {
        Arrival.Dispose();
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
            admission.Leave(Nas);
    }
}
