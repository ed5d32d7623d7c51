using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>
/// Who was online in a period: different people cannot be added up from day to day, so this reads their days one by one. It
/// takes longer than <see cref="SessionStatistics"/>, and is asked for after it.
/// </summary>
public sealed class CustomerStatistics(IspDatabase database, SessionStatistics statistics)
{
    private const int Top = 10;

    /// <summary>
    /// A range of days is a range of ids. Of a router: all data of those who were seen there; {5} and {6} are the instants of
    /// the period's bounds.
    /// </summary>
    private const string Used = """
        with used as (
          select customer_id, sum(uploaded) as uploaded, sum(downloaded) as downloaded, sum(seconds) as seconds from (
            select customer_id, subscription_id, uploaded_bytes as uploaded, downloaded_bytes as downloaded, seconds from usage_days
            where id >= uuid_floor({0}::timestamp at time zone 'UTC') and id < uuid_floor(({1} + 1)::timestamp at time zone 'UTC')
            union all
            select customer_id, subscription_id, uploaded_bytes - booked_uploaded_bytes, downloaded_bytes - booked_downloaded_bytes,
              session_seconds - booked_seconds
            from open_sessions where customer_id is not null and subscription_id is not null and last_heard_at >= {5} and last_heard_at < {6}) u
          where ({3}::uuid[] is null or subscription_id in (select id from subscriptions where package_id = any({3})))
            and ({4}::uuid[] is null or customer_id in (
              select customer_id from sessions
              where router_id = any({4}) and ended_at >= {5} and started_at < {6} and id < uuid_floor({6} + interval '1 day')
              union select customer_id from open_sessions where router_id = any({4}) and started_at < {6}))
          group by customer_id)
        """;

    public async Task<CustomerFigures> ReadAsync(StatisticsQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(cancellationToken);
        var packages = await SessionStatistics.PackagesOfAsync(db, query, cancellationToken);
        var top = await RowsAsync(db, tenant, query, packages, Top, cancellationToken);
        var before = await statistics.IsComparableAsync(db, tenant, query, cancellationToken)
            ? await RowsAsync(db, tenant, query.Before(), packages, 1, cancellationToken)
            : null;
        var ids = top.Select(row => row.CustomerId).ToArray();
        var customers = await db.Customers.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => new { c.Name, c.Number }, cancellationToken);
        return new CustomerFigures(
            top.FirstOrDefault()?.Customers ?? 0,
            before is null ? null : before.FirstOrDefault()?.Customers ?? 0,
            [
                .. top.Where(row => row.Uploaded + row.Downloaded > 0 && customers.ContainsKey(row.CustomerId)).Select(row => new TopCustomer(
                    row.CustomerId, customers[row.CustomerId].Name, customers[row.CustomerId].Number, row.Uploaded, row.Downloaded,
                    TimeSpan.FromSeconds(row.Seconds))),
            ]);
    }

    private static Task<List<TopRow>> RowsAsync(
        IspDbContext db, Tenant tenant, StatisticsQuery query, Guid[]? packages, int take, CancellationToken cancellationToken)
    {
        var calendar = new TenantCalendar(tenant);
        return db.Database.SqlQueryRaw<TopRow>(
            Used + """
             select customer_id, uploaded::bigint, downloaded::bigint, seconds::bigint, (count(*) over ())::int as customers
            from used order by uploaded + downloaded desc, customer_id limit {2}
            """,
            query.From, query.Until, take, packages!, SessionStatistics.RoutersOf(db, query)!,
            calendar.StartOf(query.From), calendar.StartOf(query.Until.AddDays(1))).ToListAsync(cancellationToken);
    }

    private sealed record TopRow(Guid CustomerId, long Uploaded, long Downloaded, long Seconds, int Customers);
}
