using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Payments.Reconciliation;

/// <summary>The reconciliation as files; filtered as the page is.</summary>
internal static class ReconciliationEndpoints
{
    public static void MapReconciliation(this IEndpointRouteBuilder endpoints)
    {
        var files = endpoints.MapGroup(ReconciliationQueries.Path).RequireAuthorization(Policies.Of(Permission.ReconciliationExport));
        files.MapGet("/days.csv", DaysAsync);
        files.MapGet("/differences.csv", DifferencesAsync);
    }

    private static async Task<PushStreamHttpResult> DaysAsync(
        HttpContext http, ReconciliationReport report, ConsoleSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = QueryOf(http, session, clock);
        var figures = await report.ReadAsync(query, cancellationToken);
        var rows = figures.Days.Select(day => ReconciliationTables.RowOf(day, session.Tenant.Currency));
        return File(http, "days", query, ReconciliationTables.DayColumns, rows, cancellationToken);
    }

    private static async Task<PushStreamHttpResult> DifferencesAsync(
        HttpContext http, ReconciliationReport report, ConsoleSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = QueryOf(http, session, clock);
        var figures = await report.ReadAsync(query, cancellationToken);
        var accounts = (await report.AccountsAsync(cancellationToken)).ToDictionary(account => account.Id, account => account.Name);
        var rows = figures.Differences.Select(difference => ReconciliationTables.RowOf(
            difference, accounts.GetValueOrDefault(difference.AccountId), session.Tenant.Currency, session.Zone));
        return File(http, "differences", query, ReconciliationTables.DifferenceColumns, rows, cancellationToken);
    }

    private static ReconciliationQuery QueryOf(HttpContext http, ConsoleSession session, TimeProvider clock)
        => ReconciliationQueries.Of(ListQuery.From(http.Request.QueryString.Value), new TenantCalendar(session.Tenant).DayOf(clock.GetUtcNow()));

    private static PushStreamHttpResult File(
        HttpContext http, string table, ReconciliationQuery query, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
        => Csv.File(
            http, $"reconciliation-{table}-{Periods.Iso(query.From)}-{Periods.Iso(query.Until)}.csv", string.Join(',', columns), rows, cancellationToken);
}
