using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions.Statistics;

/// <summary>What the address of the statistics asks for: <c>?period=month&amp;router=…&amp;package=…&amp;access=hotspot</c>.</summary>
internal static class StatisticsQueries
{
    public const string Path = "/sessions/statistics";

    public static IReadOnlyList<(string Value, string Word)> AccessTypes { get; } = [("hotspot", "Hotspot"), ("pppoe", "PPPoE")];

    /// <param name="today">The tenant's.</param>
    public static StatisticsQuery Of(ListQuery query, DateOnly today)
    {
        var (from, until) = Periods.DaysOf(query, today, SessionStatistics.MostDays);
        return new StatisticsQuery(
            from, until,
            Guid.TryParse(query["router"], out var router) ? router : null,
            Guid.TryParse(query["package"], out var package) ? package : null,
            query.Filter<AccessType>("access"));
    }

    /// <summary>The address of the sessions that are counted for a router.</summary>
    public static string SessionsOf(Guid routerId, StatisticsQuery query)
        => $"/sessions/ended?router={routerId}&from={Periods.Iso(query.From)}&until={Periods.Iso(query.Until)}";
}
