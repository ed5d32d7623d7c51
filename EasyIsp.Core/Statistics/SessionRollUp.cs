using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Statistics;

/// <summary>
/// Counts sessions into hours and days. Each count takes the place of the one before, in one transaction, so that it may
/// be done as often as one likes, and anew when late reports have changed what had been counted.
/// </summary>
public sealed class SessionRollUp(PlatformDatabase platform, TimeProvider clock)
{
    /// <summary>Where the tenant's counting stands; null where it has not begun.</summary>
    public async Task<RolledUp?> StandAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var days = db.SessionDays.IgnoreQueryFilters([QueryFilters.Tenant]).Where(d => d.TenantId == tenantId && d.Scope == TallyScope.Everything);
        var first = await days.OrderBy(d => d.Id).Select(d => (DateOnly?)d.Day).FirstOrDefaultAsync(cancellationToken);
        var last = await days.OrderByDescending(d => d.Id).Select(d => (DateOnly?)d.Day).FirstOrDefaultAsync(cancellationToken);
        return first is null ? null : new RolledUp(first.Value, last!.Value);
    }

    /// <returns>When the oldest session that is still kept began.</returns>
    public async Task<DateTimeOffset?> OldestSessionAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var ended = await db.Sessions.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(s => s.TenantId == tenantId).OrderBy(s => s.Id).Select(s => (DateTimeOffset?)s.StartedAt).FirstOrDefaultAsync(cancellationToken);
        var open = await db.OpenSessions.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(s => s.TenantId == tenantId).OrderBy(s => s.Id).Select(s => (DateTimeOffset?)s.StartedAt).FirstOrDefaultAsync(cancellationToken);
        return ended < open || open is null ? ended : open;
    }

    /// <param name="hoursSince">Of the day's hours only those that end after it.</param>
    public async Task CountAsync(Guid tenantId, TenantCalendar calendar, DateOnly day, DateTimeOffset hoursSince, CancellationToken cancellationToken)
    {
        var (start, end) = (calendar.StartOf(day), calendar.StartOf(day.AddDays(1)));
        var from = hoursSince <= start ? start : start.AddHours(Math.Floor((hoursSince - start).TotalHours));
        await using var db = await platform.OpenAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({tenantId.ToString()}, 1813))", cancellationToken);
        await db.Database.ExecuteSqlRawAsync(SessionRollUpSql.Settings, cancellationToken);
        var now = clock.GetUtcNow();
        await ExecuteAsync(SessionRollUpSql.DeleteHours, from);
        await ExecuteAsync(SessionRollUpSql.InsertHours, from);
        await ExecuteAsync(SessionRollUpSql.DeleteDay, start);
        await ExecuteAsync(SessionRollUpSql.InsertDay, start);
        await db.CommitAsync(cancellationToken);

        Task<int> ExecuteAsync(string sql, DateTimeOffset first)
            => db.Database.ExecuteSqlRawAsync(sql, [tenantId, first, end, now, day], cancellationToken);
    }
}

/// <summary>The first and the last day that are counted; every day between them is.</summary>
public sealed record RolledUp(DateOnly First, DateOnly Last);
