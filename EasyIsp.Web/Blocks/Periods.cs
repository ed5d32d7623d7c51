using System.Globalization;

namespace EasyIsp.Web.Blocks;

/// <summary>The days that a page of figures is about, in its address: <c>?period=month</c>, <c>?period=dates&amp;from=…&amp;until=…</c>.</summary>
internal static class Periods
{
    public const string OwnDates = "dates";
    private const string Usual = "week";

    public static IReadOnlyList<(string Value, string Word)> All { get; } =
    [
        ("today", "Today"), ("yesterday", "Yesterday"), ("week", "7 days"), ("30days", "30 days"), ("month", "This month"), ("lastmonth", "Last month"),
        (OwnDates, "Own dates"),
    ];

    public static string Of(ListQuery query) => All.Any(period => period.Value == query["period"]) ? query["period"]! : Usual;

    /// <param name="today">The tenant's.</param>
    /// <param name="most">Days that can be read at once; of more, the last.</param>
    public static (DateOnly From, DateOnly Until) DaysOf(ListQuery query, DateOnly today, int most)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        return Of(query) switch
        {
            "today" => (today, today),
            "yesterday" => (today.AddDays(-1), today.AddDays(-1)),
            "30days" => (today.AddDays(-29), today),
            "month" => (month, today),
            "lastmonth" => (month.AddMonths(-1), month.AddDays(-1)),
            OwnDates => Own(Day(query["from"]) ?? today.AddDays(-6), Day(query["until"]) ?? today, most),
            _ => (today.AddDays(-6), today),
        };
    }

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <returns>Null for what is no date.</returns>
    public static DateOnly? Day(string? text)
        => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 2200 ? day : null;

    /// <summary><c>2 Mar 2026</c>, or <c>24 Feb – 2 Mar 2026</c>.</summary>
    public static string InWords(DateOnly from, DateOnly until)
    {
        var last = until.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        return from == until ? last : $"{from.ToString(from.Year == until.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture)} – {last}";
    }

    /// <summary>In either order, and no longer than can be read.</summary>
    private static (DateOnly From, DateOnly Until) Own(DateOnly from, DateOnly until, int most)
    {
        if (from > until)
            (from, until) = (until, from);
        return (until.DayNumber - from.DayNumber < most ? from : until.AddDays(1 - most), until);
    }
}
