using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>What one customer used, by the tenant's days, over all his subscriptions.</summary>
public sealed class CustomerUsage(IspDatabase database, TimeProvider clock)
{
    public const int Days = 30;

    /// <returns>The last <see cref="Days"/> days, today last; also those without traffic.</returns>
    public async Task<IReadOnlyList<DayUsage>> ReadAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var today = new TenantCalendar(await db.Tenants.AsNoTracking().SingleAsync(cancellationToken)).DayOf(clock.GetUtcNow());
        var first = today.AddDays(1 - Days);
        var used = await db.Database.SqlQuery<DayRow>($"""
            select day, sum(downloaded_bytes)::bigint as downloaded_bytes, sum(uploaded_bytes)::bigint as uploaded_bytes,
              sum(seconds)::bigint as seconds
            from usage_by_day where customer_id = {customerId} and day >= {first} group by day
            """).ToDictionaryAsync(
                row => row.Day,
                row => new DayUsage(row.Day, row.DownloadedBytes, row.UploadedBytes, TimeSpan.FromSeconds(row.Seconds)),
                cancellationToken);
        return
        [
            .. Enumerable.Range(0, Days)
                .Select(i => first.AddDays(i))
                .Select(day => used.GetValueOrDefault(day) ?? new DayUsage(day, 0, 0, TimeSpan.Zero)),
        ];
    }

    private sealed record DayRow(DateOnly Day, long DownloadedBytes, long UploadedBytes, long Seconds);
}

/// <param name="Online">Of all devices together: it may be more than a day.</param>
public sealed record DayUsage(DateOnly Day, long DownloadedBytes, long UploadedBytes, TimeSpan Online)
{
    public long Bytes => DownloadedBytes + UploadedBytes;
}
