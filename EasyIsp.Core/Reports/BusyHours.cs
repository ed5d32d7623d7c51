using EasyIsp.Core.Statistics;

namespace EasyIsp.Core.Reports;

/// <summary>When the network is busy: every hour of a period that has begun, in order.</summary>
public sealed class BusyHours
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private BusyHours(IReadOnlyList<HourOnline> hours, IReadOnlyList<BusySlot> week) => (Hours, Week) = (hours, week);

    public static BusyHours None { get; } = new([], []);

    public IReadOnlyList<HourOnline> Hours { get; }

    /// <summary>How many are online on the average at each hour of the day and day of the week; only those that occurred.</summary>
    public IReadOnlyList<BusySlot> Week { get; }

    /// <summary>When most were online at once; null when nobody was. Of several such moments the first.</summary>
    public HourOnline? Peak => Hours.Where(hour => hour.Peak > 0).MaxBy(hour => hour.Peak);

    /// <param name="counted">Hours that are missing had nobody.</param>
    /// <param name="zone">Of the tenant; clocks that change make an hour of the day occur twice, or not at all.</param>
    internal static BusyHours Of(
        IReadOnlyCollection<HourRow> counted, TimeSpan length, DateTimeOffset start, DateTimeOffset countedAt, TimeZoneInfo zone)
    {
        var rows = counted.ToDictionary(row => row.Hour);
        var hours = new List<HourOnline>();
        for (var hour = start; hour < start + length && hour <= countedAt; hour += Hour)
        {
            var row = rows.GetValueOrDefault(hour);
            var (peak, mark) = row is null ? (0, 0) : Highest(row.Online);
            var local = TimeZoneInfo.ConvertTime(hour, zone);
            hours.Add(new HourOnline(
                hour, local, row is null ? 0 : row.OnlineSeconds / Hour.TotalSeconds, peak, hour + mark * SessionHour.MarkEvery, hour + Hour <= countedAt));
        }

        var week = hours.Where(hour => hour.IsOver)
            .GroupBy(hour => (hour.Local.DayOfWeek, hour.Local.Hour))
            .Select(slot => new BusySlot(slot.Key.DayOfWeek, slot.Key.Hour, slot.Average(hour => hour.Average)));
        return new BusyHours(hours, [.. week]);
    }

    private static (int Count, int Mark) Highest(int[] online)
    {
        var highest = online.DefaultIfEmpty(0).Max();
        return (highest, Math.Max(0, Array.IndexOf(online, highest)));
    }
}

/// <param name="Local">On the tenant's clock.</param>
/// <param name="Average">Online on the average of the whole hour.</param>
/// <param name="Peak">The highest count of those online at once, looked at every five minutes.</param>
/// <param name="PeakAt">The first time that many were counted.</param>
/// <param name="IsOver">False of the hour that runs.</param>
public sealed record HourOnline(DateTimeOffset Hour, DateTimeOffset Local, double Average, int Peak, DateTimeOffset PeakAt, bool IsOver);

public sealed record BusySlot(DayOfWeek Day, int Hour, double Online);

internal sealed record HourRow(DateTimeOffset Hour, long OnlineSeconds, int[] Online);
