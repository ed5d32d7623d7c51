using EasyIsp.Core.Identity;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Sessions.Statistics;

/// <summary>Where the statistics leave the console as files; filtered as the page is.</summary>
internal static class StatisticsEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder endpoints)
    {
        var tables = endpoints.MapGroup(StatisticsQueries.Path).RequireAuthorization(Policies.Of(Permission.SessionsExport));
        tables.MapGet("/customers.csv", CustomersAsync).RequireAuthorization(Policies.Of(Permission.CustomersView));
        tables.MapGet("/{table}.csv", TableAsync);
    }

    private static async Task<Results<PushStreamHttpResult, NotFound>> TableAsync(
        string table, HttpContext http, SessionStatistics statistics, ConsoleSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = QueryOf(http, session, clock);
        return StatisticsCsv.Of(table, await statistics.ReadAsync(query, cancellationToken)) is { } content
            ? File(http, table, query, content, cancellationToken)
            : TypedResults.NotFound();
    }

    private static async Task<PushStreamHttpResult> CustomersAsync(
        HttpContext http, CustomerStatistics statistics, ConsoleSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = QueryOf(http, session, clock);
        return File(http, "customers", query, StatisticsCsv.Of(await statistics.ReadAsync(query, cancellationToken)), cancellationToken);
    }

    private static StatisticsQuery QueryOf(HttpContext http, ConsoleSession session, TimeProvider clock)
        => StatisticsQueries.Of(ListQuery.From(http.Request.QueryString.Value), new TenantCalendar(session.Tenant).DayOf(clock.GetUtcNow()));

    private static PushStreamHttpResult File(
        HttpContext http, string table, StatisticsQuery query, (string Header, IEnumerable<IReadOnlyList<object?>> Rows) content, CancellationToken cancellationToken)
        => Csv.File(
            http, $"sessions-{table}-{Periods.Iso(query.From)}-{Periods.Iso(query.Until)}.csv", content.Header, content.Rows, cancellationToken);
}
