using System.Globalization;

namespace EasyIsp.Core.Packages;

/// <summary>
/// The hours of the week in which a package lets in, by the clock on the tenant's wall: where the clocks are put back,
/// an hour that comes twice is allowed twice; where they are put forward, a skipped one not at all.
/// </summary>
public sealed class AllowedHours : IEquatable<AllowedHours>
{
    public const int MaxWindows = 14;

    /// <summary>The text of as many windows as there may be.</summary>
    public const int MaxTextLength = MaxWindows * 20;

    private const int DaysAhead = 8;

    private readonly string _text;

    private AllowedHours(IReadOnlyList<WeeklyWindow> windows)
    {
        Windows = windows;
        _text = string.Join(';', windows);
    }

    public IReadOnlyList<WeeklyWindow> Windows { get; }

    /// <summary>Null when there are none, too many, or one without a day.</summary>
    public static AllowedHours? Of(IReadOnlyList<WeeklyWindow> windows)
        => windows.Count is 0 or > MaxWindows || windows.Any(window => window.Days is WeekDays.None or > WeekDays.All) ? null : new AllowedHours([.. windows]);

    /// <summary>Reads what <see cref="ToString"/> writes: <c>12345 22:00-06:00;67 00:00-00:00</c>, Monday being 1.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static AllowedHours Parse(string text)
        => Of([.. text.Split(';').Select(WeeklyWindow.Parse)]) ?? throw new FormatException($"'{text}' are no hours of a week.");

    public bool IsOpenAt(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        return Windows.Any(window => window.Covers(local));
    }

    /// <summary>When the hours that run now are over; null when they go round the clock.</summary>
    public DateTimeOffset? ClosesAt(DateTimeOffset now, TimeZoneInfo zone) => TurnAfter(now, zone, isOpen: false);

    /// <summary>When they begin again after an instant outside them.</summary>
    public DateTimeOffset? OpensAt(DateTimeOffset now, TimeZoneInfo zone) => TurnAfter(now, zone, isOpen: true);

    public override string ToString() => _text;

    public bool Equals(AllowedHours? other) => other?._text == _text;

    public override bool Equals(object? obj) => Equals(obj as AllowedHours);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    private DateTimeOffset? TurnAfter(DateTimeOffset now, TimeZoneInfo zone, bool isOpen)
    {
        foreach (var turn in PossibleTurns(now, zone))
        {
            if (turn > now && IsOpenAt(turn, zone) == isOpen)
                return turn;
        }

        return null;
    }

    /// <summary>Every instant at which the answer can change, and some at which it does not: both readings of each bound, and the change of the clocks.</summary>
    private SortedSet<DateTimeOffset> PossibleTurns(DateTimeOffset now, TimeZoneInfo zone)
    {
        var turns = new SortedSet<DateTimeOffset>();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        for (var date = today.AddDays(-1); date <= today.AddDays(DaysAhead); date = date.AddDays(1))
        {
            var noon = new DateTimeOffset(date.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
            var (before, after) = (noon.AddDays(-2), noon.AddDays(2));
            var (offset, laterOffset) = (zone.GetUtcOffset(before), zone.GetUtcOffset(after));
            foreach (var time in Windows.SelectMany(window => new[] { window.From, window.Until }))
            {
                turns.Add(new DateTimeOffset(date.ToDateTime(time), offset));
                turns.Add(new DateTimeOffset(date.ToDateTime(time), laterOffset));
            }

            if (offset != laterOffset)
                turns.Add(ChangeOfClocks(zone, before, after));
        }

        return turns;
    }

    private static DateTimeOffset ChangeOfClocks(TimeZoneInfo zone, DateTimeOffset before, DateTimeOffset after)
    {
        var offset = zone.GetUtcOffset(before);
        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = before + (after - before) / 2;
            (before, after) = zone.GetUtcOffset(middle) == offset ? (middle, after) : (before, middle);
        }

        return new DateTimeOffset(after.Ticks - after.Ticks % TimeSpan.TicksPerSecond, after.Offset);
    }
}

/// <summary>Hours of some days of the week. They go on over midnight where <paramref name="Until"/> is not after <paramref name="From"/>.</summary>
/// <param name="Days">On which they begin.</param>
/// <param name="Until">The first minute that is no longer allowed.</param>
public readonly record struct WeeklyWindow(WeekDays Days, TimeOnly From, TimeOnly Until)
{
    private const string Clock = "HH:mm";

    public bool IsOvernight => Until <= From;

    public bool Covers(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        var hasBegun = Has(local) && time >= From;
        return IsOvernight ? hasBegun || (Has(local.AddDays(-1)) && time < Until) : hasBegun && time < Until;
    }

    public override string ToString()
    {
        var days = Days;
        var digits = string.Concat(Enumerable.Range(1, 7).Where(day => days.HasFlag((WeekDays)(1 << (day - 1)))));
        return string.Create(CultureInfo.InvariantCulture, $"{digits} {From.ToString(Clock, CultureInfo.InvariantCulture)}-{Until.ToString(Clock, CultureInfo.InvariantCulture)}");
    }

    /// <exception cref="FormatException">It is no such text.</exception>
    internal static WeeklyWindow Parse(string text)
    {
        var parts = text.Split(' ', '-');
        if (parts.Length != 3 || parts[0].Length is 0 or > 7 || !parts[0].All(digit => digit is >= '1' and <= '7'))
            throw new FormatException($"'{text}' are no hours of a week.");

        var days = parts[0].Aggregate(WeekDays.None, (sum, digit) => sum | (WeekDays)(1 << (digit - '1')));
        return new WeeklyWindow(days, TimeOnly.ParseExact(parts[1], Clock, CultureInfo.InvariantCulture), TimeOnly.ParseExact(parts[2], Clock, CultureInfo.InvariantCulture));
    }

    private bool Has(DateTime local) => Days.HasFlag(WeekDaysOf(local.DayOfWeek));

    private static WeekDays WeekDaysOf(DayOfWeek day) => (WeekDays)(1 << (((int)day + 6) % 7));
}

[Flags]
public enum WeekDays
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    All = 127,
}
