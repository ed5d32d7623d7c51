using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>What is under way with one identifier.</summary>
internal sealed class Pending
{
    private int _length;

    public byte[] Buffer { get; } = new byte[RadiusPacket.MaxSize];
    public ReadOnlySpan<byte> Packet => Buffer.AsSpan(0, _length);
    public Lane? Lane { get; private set; }
    public RequestKind? Kind { get; private set; }
    public bool IsWaiting => Lane is not null;

    /// <summary>When the request should have been sent.</summary>
    public long DueAt { get; private set; }

    /// <summary>Its last transmission.</summary>
    public long SentAt { get; set; }

    public int Tries { get; set; }

    public void Begin(Lane lane, RequestKind kind, long dueAt, int length)
        => (Lane, Kind, DueAt, Tries, _length) = (lane, kind, dueAt, 0, length);

    public Lane End()
    {
        var lane = Lane!;
        Lane = null;
        return lane;
    }
}

/// <summary>What one socket saw.</summary>
internal sealed class Tally
{
    public Latencies Latencies { get; } = new();
    public long Wrong { get; private set; }
    public string? Fault { get; private set; }
    public long Repeated { get; set; }
    public long Lost { get; set; }
    public long Late { get; set; }
    public long LastAnswerAt { get; private set; }

    public void Succeed(TimeSpan latency, long now)
    {
        Latencies.Add(latency);
        LastAnswerAt = now;
    }

    public void Fail(string fault)
    {
        Wrong++;
        Fault ??= fault;
    }
}

/// <summary>The machine's monotonic clock.</summary>
internal static class Clock
{
    public static long Now => TimeProvider.System.GetTimestamp();

    public static TimeSpan Between(long from, long until) => TimeProvider.System.GetElapsedTime(from, until);
}
