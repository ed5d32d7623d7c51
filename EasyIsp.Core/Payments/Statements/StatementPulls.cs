using System.Security.Cryptography;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>Pulls what came to every account that it is switched on for: callbacks and confirmations get lost, money must not.</summary>
public sealed class StatementPulls(PlatformDatabase platform, TenantRounds rounds, TimeProvider clock)
{
    private const int AtOnce = 4;

    /// <summary>Overlaps the pulls before, since rows may be late.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(2);

    public Task PullRecentAsync(CancellationToken cancellationToken) => PullAsync(Recent, cancellationToken);

    /// <summary>All that the provider still tells.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) => PullAsync(StatementPull.Reach, cancellationToken);

    /// <summary>What came to an account before it was disabled is pulled still, until the provider's books cannot be late any more.</summary>
    private async Task PullAsync(TimeSpan window, CancellationToken cancellationToken)
    {
        List<RowKey> pulls;
        var kept = clock.GetUtcNow() - StatementPull.Reach;
        await using (var db = await platform.OpenAsync(cancellationToken))
        {
            pulls = await (
                from pull in db.StatementPulls.IgnoreQueryFilters([QueryFilters.Tenant])
                join account in db.PaymentAccounts.IgnoreQueryFilters([QueryFilters.Tenant])
                    on new { pull.TenantId, Id = pull.PaymentAccountId } equals new { account.TenantId, account.Id }
                where account.DisabledAt == null
                    || (account.DisabledAt > kept && (pull.PulledTo == null || pull.PulledTo < account.DisabledAt + ReconciliationSql.Lateness))
                select new RowKey(pull.TenantId, pull.PaymentAccountId)).ToListAsync(cancellationToken);
        }

        await rounds.ForEachAsync<StatementPulling>(
            pulls, AtOnce, (pulling, account, token) => pulling.PullAsync(account, window, token), cancellationToken);
    }
}

/// <summary>Pulls what came to one account, in its tenant's scope.</summary>
public sealed partial class StatementPulling(
    IspDatabase database,
    IDarajaOperations daraja,
    StatementBooking booking,
    SecretCodec codec,
    ProviderMetrics metrics,
    TimeProvider clock,
    ILogger<StatementPulling> logger)
{
    private const int MostPages = 500;

    /// <returns>Null when the account does not pull.</returns>
    public async Task<PullReport?> PullAsync(Guid accountId, TimeSpan window, CancellationToken cancellationToken)
    {
        if (await ReadAsync(accountId, cancellationToken) is not var (account, pull))
            return null;

        var to = clock.GetUtcNow();
        var from = pull.From(to, window);
        var report = await PagesAsync(account, pull, from, to, cancellationToken);
        await using var db = await database.OpenAsync(cancellationToken);
        var settled = await db.StatementPulls.SingleAsync(p => p.Id == pull.Id, cancellationToken);
        if (report.Failure is null)
            settled.Pulled(to);
        else
            settled.Failed(report.Failure, to);
        if (report is { Failure: null, Unread: 0, DoubtsZone: false }) // of hours that may be others nothing is claimed
            await StatementCover.ExtendAsync(db, accountId, StatementSource.Pull, from, to, cancellationToken);
        if (report.DoubtsZone && pull.ZoneDoubtedAt is null) // an old doubt may have been settled meanwhile
            settled.DoubtZone(to);
        await db.CommitAsync(cancellationToken);
        metrics.Pulled(report.Failure is null, report.Booked);
        if (report.Failure is not null)
            LogFailed(account.ShortCode, report.Failure);
        else if (report.New > 0)
            LogPulled(account.ShortCode, report.New, report.Booked);
        if (report.Unread > 0)
            LogUnread(account.ShortCode, report.Unread);
        return report;
    }

    private async Task<(PaymentAccount, StatementPull)?> ReadAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var account = await db.PaymentAccounts.AtOwnShortCode().AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);
        var pull = await db.StatementPulls.AsNoTracking().SingleOrDefaultAsync(p => p.PaymentAccountId == accountId, cancellationToken);
        return account is null || pull is null ? null : (account, pull);
    }

    private async Task<PullReport> PagesAsync(
        PaymentAccount account, StatementPull pull, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        DarajaCredentials credentials;
        try
        {
            credentials = account.Credentials(codec);
        }
        catch (CryptographicException)
        {
            return new PullReport(0, 0, 0, false, "The stored keys cannot be read.");
        }

        var report = new PullReport(0, 0, 0, DoubtsZone: pull.ZoneDoubtedAt is not null, null);
        var offset = 0;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await daraja.PullAsync(credentials, new PullQuestion(from, to, offset, pull.ByGet, pull.Zone), cancellationToken);
            if (answer is not PullResult.Rows rows)
                return report with { Failure = answer is PullResult.NoAnswer silence ? silence.Reason : "No answer" };
            if (rows.Count == 0)
                return report;

            report = await TakeAsync(account, rows.Read, report, cancellationToken);
            if (rows.Unread.Count > 0)
                report = report with { Unread = report.Unread + await NoteAsync(account, rows.Unread, to, cancellationToken) };
            offset += rows.Count;
        }

        return report with { Failure = $"More than {offset} rows came" };
    }

    private async Task<PullReport> TakeAsync(
        PaymentAccount account, IReadOnlyList<PulledRow> rows, PullReport report, CancellationToken cancellationToken)
    {
        foreach (var row in await UnknownAsync(account, rows, cancellationToken))
        {
            await using var db = await database.OpenAsync(cancellationToken);
            if (await booking.TakeAsync(db, account, row with { TimeIsDoubted = report.DoubtsZone }, StatementSource.Pull, cancellationToken) is not { } line)
                continue;

            var doubts = report.DoubtsZone || await StatementBooking.DoubtsZoneAsync(db, line, cancellationToken);
            var isBooked = db.Entry(line).State == EntityState.Added && line.Outcome is ProviderMessageOutcome.Settled or ProviderMessageOutcome.Unmatched;
            await db.CommitAsync(cancellationToken);
            report = report with { New = report.New + 1, Booked = report.Booked + (isBooked ? 1 : 0), DoubtsZone = doubts };
        }

        return report;
    }

    private async Task<int> NoteAsync(PaymentAccount account, IReadOnlyList<string> rows, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var unread = await UnreadRows.NoteAsync(db, account, rows, to, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return unread;
    }

    private async Task<IEnumerable<PulledRow>> UnknownAsync(PaymentAccount account, IReadOnlyList<PulledRow> rows, CancellationToken cancellationToken)
    {
        var receipts = rows.Select(row => row.Receipt).ToArray();
        await using var db = await database.OpenAsync(cancellationToken);
        var known = await db.StatementLines
            .Where(l => l.PaymentAccountId == account.Id && l.Source == StatementSource.Pull && receipts.Contains(l.Receipt))
            .Select(l => new { l.Receipt, l.Amount })
            .ToDictionaryAsync(l => l.Receipt, l => l.Amount, cancellationToken);
        return rows.Where(row => !known.TryGetValue(row.Receipt, out var amount) || amount != row.Amount);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Short code {ShortCode}: {New} new lines were pulled, {Booked} of them payments that nobody had told of")]
    private partial void LogPulled(string shortCode, int @new, int booked);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Short code {ShortCode}: {Count} pulled rows cannot be read; the hours of this pull prove nothing")]
    private partial void LogUnread(string shortCode, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came to short code {ShortCode} could not be pulled: {Reason}")]
    private partial void LogFailed(string shortCode, string reason);
}

/// <param name="New">Lines that were not known.</param>
/// <param name="Booked">Payments among them that nobody had told of.</param>
/// <param name="Unread">Rows of which nothing could be made, and nobody has said what they are.</param>
/// <param name="DoubtsZone">The rows' times do not fit what the provider told before.</param>
/// <param name="Failure">Null when everything was read.</param>
public sealed record PullReport(int New, int Booked, int Unread, bool DoubtsZone, string? Failure);
