using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Payments;

/// <summary>What waits in suspense, as a file; filtered as the page is.</summary>
internal static class SuspenseEndpoints
{
    private const string Header = "Paid,Receipt,Typed account,Payer,Number,Customer,Account,Amount,Currency";

    public static void MapSuspense(this IEndpointRouteBuilder endpoints)
        => endpoints.MapGet("/payments/suspense.csv", CsvAsync).RequireAuthorization(Policies.Of(Permission.PaymentsExport));

    /// <summary>The longest wait first, unless another order is asked for.</summary>
    public static DepositQuery QueryOf(ListQuery query) => new(
        query.Search,
        query.Filter<DepositFilter>("state") ?? DepositFilter.Waiting,
        query.Sort == "amount" ? DepositSort.Amount : DepositSort.When,
        query.Descending);

    private static async Task<PushStreamHttpResult> CsvAsync(
        HttpContext http, SuspenseList deposits, ConsoleSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = QueryOf(ListQuery.From(http.Request.QueryString.Value));
        var found = await deposits.ExportAsync(query, cancellationToken).ToListAsync(cancellationToken);
        var rows = found.Select(row => (IReadOnlyList<object?>)
        [
            TimeZoneInfo.ConvertTime(row.PaidAt, session.Zone), row.Receipt, row.TypedAccount, row.PayerName, row.PayerNumber,
            row.Customer, row.CustomerNumber, row.Amount, session.Tenant.Currency,
        ]);
        var day = new TenantCalendar(session.Tenant).DayOf(clock.GetUtcNow());
        return Csv.File(http, $"suspense-{day:yyyy-MM-dd}.csv", Header, rows, cancellationToken);
    }
}
