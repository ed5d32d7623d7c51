using System.Globalization;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions.Statistics;

/// <summary>What the address of the statistics asks for: <c>?period=month&amp;router=…&amp;package=…&amp;access=hotspot</c>.</summary>
internal static class StatisticsQueries
{
    public const string Path = "/sessions/statistics";
    public const string OwnDates = "dates";
    private const string Usual = "week";

    public static IReadOnlyList<(string Value, string Word)> Periods { get; } =
    [
        ("today", "Today"), ("yesterday", "Yesterday"), ("week", "7 days"), ("30days", "30 days"), ("month", "This month"), ("lastmonth", "Last month"),
        (OwnDates, "Own dates"),
    ];

    public static IReadOnlyList<(string Value, string Word)> AccessTypes { get; } = [("hotspot", "Hotspot"), ("pppoe", "PPPoE")];

    public static string PeriodOf(ListQuery query) => Periods.Any(period => period.Value == query["period"]) ? query["period"]! : Usual;

    /// <param name="today">The tenant's.</param>
    public static StatisticsQuery Of(ListQuery query, DateOnly today)
    {
        var (from, until) = DaysOf(query, today);
        return new StatisticsQuery(
            from, until,
            Guid.TryParse(query["router"], out var router) ? router : null,
            Guid.TryParse(query["package"], out var package) ? package : null,
            query.Filter<AccessType>("access"));
    }

    /// <summary>The address of the sessions that are counted for a router.</summary>
    public static string SessionsOf(Guid routerId, StatisticsQuery query)
        => $"/sessions/ended?router={routerId}&from={Iso(query.From)}&until={Iso(query.Until)}";

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <returns>Null for what is no date.</returns>
    public static DateOnly? Day(string? text)
        => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 2200 ? day : null;

    /// <summary><c>2 Mar 2026</c>, or <c>24 Feb – 2 Mar 2026</c>.</summary>
    public static string InWords(StatisticsQuery query)
    {
        var until = query.Until.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        return query.Days == 1 ? until : $"{query.From.ToString(query.From.Year == query.Until.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture)} – {until}";
    }

    private static (DateOnly From, DateOnly Until) DaysOf(ListQuery query, DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        return PeriodOf(query) switch
        {
            "today" => (today, today),
            "yesterday" => (today.AddDays(-1), today.AddDays(-1)),
            "30days" => (today.AddDays(-29), today),
            "month" => (month, today),
            "lastmonth" => (month.AddMonths(-1), month.AddDays(-1)),
            OwnDates => Own(Day(query["from"]) ?? today.AddDays(-6), Day(query["until"]) ?? today),
            _ => (today.AddDays(-6), today),
        };
    }

    /// <summary>In either order, and no longer than can be read.</summary>
    private static (DateOnly From, DateOnly Until) Own(DateOnly from, DateOnly until)
    {
        if (from > until)
            (from, until) = (until, from);
        return (until.DayNumber - from.DayNumber < SessionStatistics.MostDays ? from : until.AddDays(1 - SessionStatistics.MostDays), until);
    }
}
