using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Payments;

/// <summary>What was given back, as a file; filtered as the page is.</summary>
internal static class RefundEndpoints
{
    private const string Header = "Asked,Customer,Account,Payment,Amount,Currency,Where to,State,Why,Asked by,Decided by,Settled,Receipt,Result";

    public static void MapRefunds(this IEndpointRouteBuilder endpoints)
        => endpoints.MapGet("/payments/refunds.csv", CsvAsync).RequireAuthorization(Policies.Of(Permission.RefundsExport));

    public static RefundQuery QueryOf(ListQuery query) => new(query.Search, query.Filter<RefundState>("state"));

    private static async Task<PushStreamHttpResult> CsvAsync(
        HttpContext http, RefundList refunds, ConsoleSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = QueryOf(ListQuery.From(http.Request.QueryString.Value));
        var found = await refunds.ExportAsync(query, cancellationToken).ToListAsync(cancellationToken);
        var rows = found.Select(row => (IReadOnlyList<object?>)
        [
            TimeZoneInfo.ConvertTime(row.AskedAt, session.Zone), row.Customer, row.CustomerNumber, row.PaymentNumber, row.Amount, session.Tenant.Currency,
            RefundWords.Of(row.Way), row.State, row.Reason, row.AskedBy, row.DecidedBy,
            row.SettledAt is { } settled ? TimeZoneInfo.ConvertTime(settled, session.Zone) : null, row.Receipt, row.Result,
        ]);
        var day = new TenantCalendar(session.Tenant).DayOf(clock.GetUtcNow());
        return Csv.File(http, $"refunds-{day:yyyy-MM-dd}.csv", Header, rows, cancellationToken);
    }
}
