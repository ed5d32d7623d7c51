using EasyIsp.Core.Reports;
using EasyIsp.Core.Statistics;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Tests.Statistics;

/// <summary>Sessions of any time, as the RADIUS worker leaves them.</summary>
internal static class Stays
{
    /// <param name="until">Null while it is open.</param>
    public static Task<Guid> StayAsync(
        this World world, Guid? customer, Guid router, DateTimeOffset from, DateTimeOffset? until, int? cause = 1, long bytes = 0) => world.WriteAsync(async db =>
    {
        var id = Guid.CreateVersion7(from);
        Guid? subscription = await db.Subscriptions.Where(s => s.CustomerId == customer).Select(s => (Guid?)s.Id).FirstOrDefaultAsync();
        if (until is { } end)
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id, started_at, last_heard_at,
                  ended_at, uploaded_bytes, downloaded_bytes, session_seconds, terminate_cause)
                values ({world.TenantId}, {id}, {router}, {customer}, {subscription}, 'someone', {id.ToString()}, {from}, {end}, {end}, 0, {bytes},
                  {(long)(end - from).TotalSeconds}, {cause})
                """);
        }
        else
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id, started_at,
                  last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds)
                values ({world.TenantId}, {id}, {router}, {customer}, {subscription}, 'someone', {id.ToString()}, {from}, {world.Clock.GetUtcNow()}, 0, {bytes}, 0)
                """);
        }

        return id;
    });

    public static Task CountAsync(this World world) => world.Services.GetRequiredService<SessionStatisticsJob>().RunAsync(CancellationToken.None);

    public static Task CountAgainAsync(this World world, int days = SessionStatisticsJob.DaysAgain)
        => world.Services.GetRequiredService<SessionStatisticsJob>().CorrectAsync(days, CancellationToken.None);

    public static Task<SessionFigures> FiguresAsync(this World world, StatisticsQuery query)
        => world.AsTenantAsync<SessionStatistics, SessionFigures>(statistics => statistics.ReadAsync(query, CancellationToken.None));

    public static Task<CustomerFigures> CustomersAsync(this World world, StatisticsQuery query)
        => world.AsTenantAsync<CustomerStatistics, CustomerFigures>(statistics => statistics.ReadAsync(query, CancellationToken.None));
}
