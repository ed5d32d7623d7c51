using System.Numerics;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>A histogram of times, each kept to within 1.6 %: 64 steps to each doubling.</summary>
internal sealed class Latencies
{
    private const int StepsBits = 6;
    private const int Steps = 1 << StepsBits;

    private readonly long[] _counts = new long[64 * Steps];

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan time)
    {
        _counts[IndexOf(Math.Max(0, time.Ticks))]++;
        Count++;
        Max = time > Max ? time : Max;
    }

    public void Add(Latencies others)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += others._counts[i];
        Count += others.Count;
        Max = others.Max > Max ? others.Max : Max;
    }

    /// <param name="share">0.99 for the time that one in a hundred exceeds.</param>
    public TimeSpan Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0)
                return TimeSpan.FromTicks(ValueOf(i));
        }

        return TimeSpan.Zero;
    }

    private static int IndexOf(long value)
    {
        if (value < Steps)
            return (int)value;
        var shift = BitOperations.Log2((ulong)value) - StepsBits;
        return ((shift + 1) << StepsBits) + (int)(value >> shift) - Steps;
    }

    private static long ValueOf(int index)
    {
        if (index < Steps)
            return index;
        var shift = (index >> StepsBits) - 1;
        return ((long)(index & (Steps - 1)) + Steps) << shift;
    }
}
