using System.Globalization;
using EasyIsp.Core.Mail;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EasyIsp.Core.Payments.Reconciliation.Daily;

/// <summary>Mails each company that wants it the signed reconciliation of the day before: once, in its morning.</summary>
public sealed class DailyReports(PlatformDatabase platform, TenantRounds rounds)
{
    private const int AtOnce = 4;

    /// <summary>Every few minutes: what is due is written, and what was not taken is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<RowKey> mailings;
        await using (var db = await platform.OpenAsync(cancellationToken))
        {
            mailings = await (
                from mailing in db.ReportMailings.IgnoreQueryFilters([QueryFilters.Tenant])
                join tenant in db.Tenants.IgnoreQueryFilters([QueryFilters.Tenant]) on mailing.TenantId equals tenant.Id
                where mailing.Addresses.Length > 0 && tenant.SuspendedAt == null
                select new RowKey(mailing.TenantId, mailing.Id)).ToListAsync(cancellationToken);
        }

        await rounds.ForEachAsync<DailyReportPost>(mailings, AtOnce, (post, _, token) => post.RunAsync(token), cancellationToken);
    }
}

/// <summary>One company's reports, in its scope.</summary>
internal sealed partial class DailyReportPost(
    IspDatabase database,
    ReconciliationReport reconciliation,
    ReportSigning signing,
    MailServer server,
    ProviderMetrics metrics,
    TimeProvider clock,
    ILogger<DailyReportPost> logger)
{
    /// <summary>After midnight: the night's pull of the statement is done then.</summary>
    private static readonly TimeSpan Morning = TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await WriteDueAsync(cancellationToken);
        await GiveUpOldAsync(cancellationToken);
        while (await ClaimAsync(cancellationToken) is var (report, addresses))
            await SendAsync(report, addresses, cancellationToken);
    }

    /// <summary>What is signed stays as it was at that moment, however often it has to be sent.</summary>
    private async Task WriteDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Tenant tenant;
        DateOnly day;
        await using (var db = await database.OpenAsync(cancellationToken))
        {
            tenant = await db.Tenants.AsNoTracking().SingleAsync(cancellationToken);
            var calendar = new TenantCalendar(tenant);
            var today = calendar.DayOf(now);
            day = today.AddDays(-1);
            if (now < calendar.StartOf(today) + Morning || await db.DailyReports.AnyAsync(r => r.Day == day, cancellationToken))
                return;
        }

        var figures = await reconciliation.ReadAsync(new ReconciliationQuery(day, day), cancellationToken);
        var accounts = (await reconciliation.AccountsAsync(cancellationToken)).ToDictionary(account => account.Id, account => account.Name);
        var writing = new ReportWriting(tenant, figures.Days[0], figures.Differences, accounts);
        await StoreAsync(DailyReport.Of(
            tenant.Id, day, writing.Subject, signing.Sign(writing.Text(now)), writing.Figures, writing.Differences, now), cancellationToken);
    }

    private async Task StoreAsync(DailyReport report, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        db.DailyReports.Add(report);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            LogWrittenMeanwhile(report.Day);
        }
    }

    private async Task GiveUpOldAsync(CancellationToken cancellationToken)
    {
        var old = clock.GetUtcNow() - DailyReport.GivesUpAfter;
        await using var db = await database.OpenAsync(cancellationToken);
        var reports = await db.DailyReports
            .FromSql($"select * from daily_reports where next_try_at is not null and written_at < {old} for update skip locked")
            .ToListAsync(cancellationToken);
        if (reports.Count == 0)
            return;

        foreach (var report in reports)
            report.GiveUp();
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>Null when nothing is due: of several processes one gets each report.</returns>
    private async Task<(DailyReport, string[])?> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        var report = await db.DailyReports
            .FromSql($"select * from daily_reports where next_try_at <= {now} order by next_try_at limit 1 for update skip locked")
            .SingleOrDefaultAsync(cancellationToken);
        if (report is null)
            return null;

        report.Try(now);
        var addresses = await db.ReportMailings.Select(m => m.Addresses).SingleAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return (report, addresses);
    }

    private async Task SendAsync(DailyReport claimed, string[] addresses, CancellationToken cancellationToken)
    {
        var failure = await server.SendAsync(MailOf(claimed, addresses), cancellationToken);

        // What the server took is noted also when the process is to stop.
        await using var db = await database.OpenAsync(CancellationToken.None);
        var report = await db.DailyReports.SingleAsync(r => r.Id == claimed.Id, CancellationToken.None);
        if (failure is null)
            report.Sent(clock.GetUtcNow());
        else
            report.Failed(failure, clock.GetUtcNow());
        await db.CommitAsync(CancellationToken.None);
        metrics.Mailed(report.State);
        if (failure is not null)
            LogNotSent(report.Day, report.Tries, failure);
    }

    private static OutgoingMail MailOf(DailyReport report, string[] addresses)
    {
        var iso = report.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        List<MailedFile> files = [new(ReportWriting.FiguresNameOf(iso), report.Figures)];
        if (report.Differences is { } differences)
            files.Add(new(ReportWriting.DifferencesNameOf(iso), differences));
        return new OutgoingMail($"{report.TenantId:N}.{iso}", addresses, report.Subject, report.Text, files, report.WrittenAt);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Another process has written the report of {Day}")]
    private partial void LogWrittenMeanwhile(DateOnly day);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The report of {Day} could not be mailed, try {Tries}: {Reason}")]
    private partial void LogNotSent(DateOnly day, int tries, string reason);
}
