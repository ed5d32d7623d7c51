using EasyIsp.Core.Sessions;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions;

/// <summary>What the address of a list of sessions asks for.</summary>
internal static class SessionQueries
{
    /// <param name="calendar">Of the tenant, whose days <c>from</c> and <c>until</c> are.</param>
    public static SessionQuery Of(ListQuery query, TenantCalendar calendar)
    {
        var sort = query.Sort switch
        {
            "user" => SessionSort.UserName,
            "router" => SessionSort.Router,
            "traffic" => SessionSort.Traffic,
            _ => SessionSort.Started,
        };
        Guid? router = Guid.TryParse(query["router"], out var id) ? id : null;
        return new SessionQuery(
            query.Page, query.Search, router, Sort: sort, Descending: query.Sort is null || query.Descending,
            From: Periods.Day(query["from"]) is { } from ? calendar.StartOf(from) : null,
            Until: Periods.Day(query["until"]) is { } until ? calendar.StartOf(until.AddDays(1)) : null);
    }
}
