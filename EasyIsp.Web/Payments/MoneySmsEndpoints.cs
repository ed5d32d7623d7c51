using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Payments;

/// <summary>SMS about money as a file; filtered as the page is.</summary>
internal static class MoneySmsEndpoints
{
    private const string Header = "Received,State,Tells of,Receipt,Amount,Currency,Payer,Account,Sender,From,Note,Text";

    public static void MapMoneySms(this IEndpointRouteBuilder endpoints)
        => endpoints.MapGet("/payments/sms.csv", CsvAsync).RequireAuthorization(Policies.Of(Permission.MoneySmsExport));

    /// <summary>The newest first, unless another order is asked for.</summary>
    public static MoneySmsQuery QueryOf(ListQuery query) => new(
        query.Search,
        query.Filter<MoneySmsFilter>("state") ?? MoneySmsFilter.All,
        query.Sort == "amount" ? MoneySmsSort.Amount : MoneySmsSort.When,
        query.Sort is null || query.Descending);

    private static async Task<PushStreamHttpResult> CsvAsync(
        HttpContext http, MoneySmsList messages, ConsoleSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = QueryOf(ListQuery.From(http.Request.QueryString.Value));
        var found = await messages.ExportAsync(query, cancellationToken).ToListAsync(cancellationToken);
        var rows = found.Select(row => (IReadOnlyList<object?>)
        [
            TimeZoneInfo.ConvertTime(row.ReceivedAt, session.Zone), StateLook.Of(MoneySmsWords.Of(row.State)).Word, MoneySmsWords.Of(row.Kind), row.Receipt, row.Amount,
            session.Tenant.Currency, row.PayerName, row.TypedAccount, row.Sender, row.From, row.Note, row.Text,
        ]);
        var day = new TenantCalendar(session.Tenant).DayOf(clock.GetUtcNow());
        return Csv.File(http, $"payment-sms-{day:yyyy-MM-dd}.csv", Header, rows, cancellationToken);
    }
}
