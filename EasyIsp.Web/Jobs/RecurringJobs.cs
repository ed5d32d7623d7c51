using System.Linq.Expressions;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Reconciliation.Daily;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Core.Statistics;
using EasyIsp.Core.Subscriptions;
using Hangfire;
using Hangfire.Common;

namespace EasyIsp.Web.Jobs;

/// <param name="Name">Stable: a renamed job is a new one.</param>
/// <param name="Schedule">Cron, in UTC; six fields where the first counts seconds.</param>
internal sealed record RecurringJob(string Name, string Schedule, Job Work)
{
    public static RecurringJob Of<TJob>(string name, string schedule, Expression<Func<TJob, Task>> work) => new(name, schedule, Job.FromExpression(work));
}

/// <summary>Everything that happens by the clock. A feature adds its line here.</summary>
internal static class RecurringJobs
{
    public static IReadOnlyList<RecurringJob> All { get; } =
    [
        RecurringJob.Of<PendingPayments>("pending-payments", "*/5 * * * * *", job => job.AskAsync(CancellationToken.None)),
        RecurringJob.Of<SilentOrders>("silent-orders", "*/20 * * * * *", orders => orders.LookAsync(CancellationToken.None)),
        RecurringJob.Of<DailyBalances>("balances", "41 3 * * *", balances => balances.AskAsync(CancellationToken.None)),
        RecurringJob.Of<StatementPulls>("statement-pull", "*/15 * * * *", pulls => pulls.PullRecentAsync(CancellationToken.None)),
        RecurringJob.Of<StatementPulls>("statement-pull-again", "23 1 * * *", pulls => pulls.SweepAsync(CancellationToken.None)),
        RecurringJob.Of<DailyReports>("daily-reports", "*/5 * * * *", reports => reports.RunAsync(CancellationToken.None)),
        RecurringJob.Of<MoneySmsJoining>("money-sms", "*/15 * * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<OldMoneySmsJob>("old-money-sms", "23 * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<ExpiryJob>("expiry", "*/15 * * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<StaleSessionsJob>("stale-sessions", "* * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<DataLimits>("data-limits", "* * * * *", limits => limits.SweepAsync(CancellationToken.None)),
        RecurringJob.Of<SessionStatisticsJob>("session-statistics", "*/5 * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<SessionStatisticsJob>(
            "session-statistics-again", "3 * * * *", job => job.CorrectAsync(SessionStatisticsJob.DaysAgain, CancellationToken.None)),
        RecurringJob.Of<SessionStatisticsJob>(
            "session-statistics-late", "13 3 * * *", job => job.CorrectAsync(SessionStatisticsJob.DaysOnceMore, CancellationToken.None)),
        RecurringJob.Of<SpentBucketsJob>("spent-buckets", "* * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<SpentTokensJob>("spent-tokens", "7 * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<OldVisitsJob>("old-visits", "37 * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<SilentUnknownRoutersJob>("unknown-routers", "47 * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<EndedSecretsJob>("ended-secrets", "27 * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<OldLoginsJob>("old-logins", "57 2 * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<OldLoginTestsJob>("old-login-tests", "17 * * * *", job => job.RunAsync(CancellationToken.None)),
        RecurringJob.Of<PartitionsJob>("partitions", "17 2 * * *", job => job.RunAsync(CancellationToken.None)),
    ];
}

/// <summary>Writes the list into the storage when the process starts, and takes away what is no longer on it.</summary>
internal sealed partial class RecurringJobsStarter(JobStorage storage, IRecurringJobManager jobs, ILogger<RecurringJobsStarter> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Write();
                return;
            }
            catch (Exception exception) when (exception is Npgsql.NpgsqlException or TimeoutException or BackgroundJobClientException)
            {
                // The process starts without its database too; the list is written when that is there.
                LogWaiting(exception.Message);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private void Write()
    {
        using (var connection = storage.GetConnection())
        {
            foreach (var gone in connection.GetAllItemsFromSet("recurring-jobs").Except(RecurringJobs.All.Select(job => job.Name)))
                jobs.RemoveIfExists(gone);
        }

        foreach (var job in RecurringJobs.All)
            jobs.AddOrUpdate(job.Name, job.Work, job.Schedule, new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recurring jobs could not be written yet ({Reason})")]
    private partial void LogWaiting(string reason);
}
