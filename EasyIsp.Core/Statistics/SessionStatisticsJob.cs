using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Statistics;

/// <summary>
/// Keeps the tallies of all tenants: every few minutes the hour that runs, now and then the days behind it once more, for
/// what was reported late. Days of before it first ran are counted as well, a month at a time. Two runs at once are one.
/// </summary>
public sealed partial class SessionStatisticsJob(
    PlatformDatabase platform, SessionRollUp rollUp, TimeProvider clock, ILogger<SessionStatisticsJob> logger)
{
    /// <summary>A report may be a day late (Acct-Delay-Time), and lie on a worker's disk for some hours.</summary>
    public const int DaysAgain = 2;

    /// <summary>For what came even later: an outage of days.</summary>
    public const int DaysOnceMore = 8;

    private const int OldDaysInOneRun = 31;
    private const int RunLock = 1813_0005;

    /// <summary>Counts what has happened since the last run.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => ForEachTenantAsync(async (tenant, calendar) =>
    {
        var now = clock.GetUtcNow();
        var today = calendar.DayOf(now);
        var stand = await rollUp.StandAsync(tenant, cancellationToken);
        for (var day = stand is null || stand.Last > today ? today : stand.Last; day <= today; day = day.AddDays(1))
            await rollUp.CountAsync(tenant, calendar, day, day == stand?.Last ? SinceLastRun(day) : calendar.StartOf(day), cancellationToken);
        await CountOldAsync(tenant, calendar, stand?.First ?? today, cancellationToken);

        // A day that has passed since is counted whole; of today the hour before as well, for sessions that end in silence.
        DateTimeOffset SinceLastRun(DateOnly day) => day == today ? now.AddHours(-1) : calendar.StartOf(day);
    }, cancellationToken);

    /// <summary>Counts the last days anew.</summary>
    public Task CorrectAsync(int days, CancellationToken cancellationToken) => ForEachTenantAsync(async (tenant, calendar) =>
    {
        if (await rollUp.StandAsync(tenant, cancellationToken) is not { } stand)
            return;

        var today = calendar.DayOf(clock.GetUtcNow());
        for (var day = today.AddDays(1 - days); day <= today; day = day.AddDays(1))
        {
            if (day >= stand.First)
                await rollUp.CountAsync(tenant, calendar, day, calendar.StartOf(day), cancellationToken);
        }
    }, cancellationToken);

    /// <summary>Newest first, down to the oldest session. Tallies outlive their sessions: what is counted is not counted from less.</summary>
    private async Task CountOldAsync(Guid tenant, TenantCalendar calendar, DateOnly before, CancellationToken cancellationToken)
    {
        if (await rollUp.OldestSessionAsync(tenant, cancellationToken) is not { } oldest)
            return;

        var first = calendar.DayOf(oldest);
        for (var (day, left) = (before.AddDays(-1), OldDaysInOneRun); day >= first && left > 0; (day, left) = (day.AddDays(-1), left - 1))
            await rollUp.CountAsync(tenant, calendar, day, calendar.StartOf(day), cancellationToken);
    }

    private async Task ForEachTenantAsync(Func<Guid, TenantCalendar, Task> count, CancellationToken cancellationToken)
    {
        await using var running = await platform.OpenAsync(cancellationToken);
        if (!await running.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({RunLock}) as \"Value\"").SingleAsync(cancellationToken))
            return;

        foreach (var tenant in await running.Tenants.AsNoTracking().OrderBy(t => t.Id).ToListAsync(cancellationToken))
        {
            try
            {
                await count(tenant.Id, new TenantCalendar(tenant));
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // One tenant's trouble is not the others'; the next run makes it good.
                LogFailed(exception, tenant.Id);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The sessions of tenant {TenantId} could not be counted; the next run tries again")]
    private partial void LogFailed(Exception exception, Guid tenantId);
}
