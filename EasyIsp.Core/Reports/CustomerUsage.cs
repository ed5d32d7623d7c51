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
        var used = await db.UsageDays
            .Where(u => u.CustomerId == customerId && u.Day >= first)
            .GroupBy(u => u.Day)
            .Select(day => new DayUsage(
                day.Key, day.Sum(u => u.DownloadedBytes), day.Sum(u => u.UploadedBytes), TimeSpan.FromSeconds(day.Sum(u => u.Seconds))))
            .ToDictionaryAsync(day => day.Day, cancellationToken);
        return
        [
            .. Enumerable.Range(0, Days)
                .Select(i => first.AddDays(i))
                .Select(day => used.GetValueOrDefault(day) ?? new DayUsage(day, 0, 0, TimeSpan.Zero)),
        ];
    }
}

/// <param name="Online">Of all devices together: it may be more than a day.</param>
public sealed record DayUsage(DateOnly Day, long DownloadedBytes, long UploadedBytes, TimeSpan Online)
{
    public long Bytes => DownloadedBytes + UploadedBytes;
}
