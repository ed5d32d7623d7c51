using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>
/// Takes a statement that a person exported from the provider. It went through that person's hands: a payment that nobody
/// told of is booked into suspense, from where it is placed.
/// </summary>
public sealed class StatementUploads(IspDatabase database, StatementBooking booking, AuditTrail audit, TimeProvider clock)
{
    private const int Slice = 500;

    /// <summary>Of the receipts that were booked, in the audit log.</summary>
    private const int MostNamed = 100;

    /// <param name="period">The whole days, of the tenant's zone, that the export covers.</param>
    /// <param name="progress">Lines done.</param>
    public async Task<UploadOutcome> TakeAsync(
        Guid accountId, StatementFile file, StatementPeriod period, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var (account, tenant) = await ReadAsync(accountId, cancellationToken);
        if (account is null)
            return new UploadOutcome.AccountGone();
        if (file.Unread.Count > 0)
            return new UploadOutcome.RowsUnread(file.Unread.Count);

        var calendar = new TenantCalendar(tenant);
        var now = clock.GetUtcNow();
        var (from, until) = (calendar.StartOf(period.From), calendar.StartOf(period.Until.AddDays(1)));
        if (period.Until < period.From || from >= now)
            return new UploadOutcome.NoSuchPeriod();
        if (file.Rows.Any(row => row.At < from || row.At >= until))
            return new UploadOutcome.RowsOutside(file.First!.Value, file.Last!.Value);
        if (await OthersAsync(account, file, cancellationToken) is { } other)
            return new UploadOutcome.OtherAccount(other);

        var (report, booked) = (new UploadReport(0, 0, 0), new List<string>());
        foreach (var slice in file.Rows.Chunk(Slice))
        {
            report = await TakeAsync(account, slice, report, booked, cancellationToken);
            progress?.Report(report.Lines);
        }

        // Of a day that runs, no more than the export can have seen; what is younger may be missing because it is late.
        var seen = until < now ? until : file.Last ?? from;
        seen = seen < now - ReconciliationSql.Lateness ? seen : now - ReconciliationSql.Lateness;
        await using var db = await database.OpenAsync(cancellationToken);
        if (seen > from)
            await StatementCover.ExtendAsync(db, account.Id, StatementSource.Upload, from, seen, cancellationToken);
        audit.Record(db, "reconciliation.upload", account.Id, new
        {
            account.ShortCode, period.From, period.Until, report.Lines, report.New, report.Booked, Sha256 = file.Digest, Receipts = booked.Take(MostNamed).ToArray(),
        });
        await db.CommitAsync(cancellationToken);
        return new UploadOutcome.Taken(report);
    }

    private async Task<(PaymentAccount?, Tenant)> ReadAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return (
            await db.PaymentAccounts.AtOwnShortCode().AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken),
            await db.Tenants.AsNoTracking().SingleAsync(cancellationToken));
    }

    /// <returns>The account whose receipts the file names, when that is another.</returns>
    private async Task<string?> OthersAsync(PaymentAccount account, StatementFile file, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        foreach (var receipts in file.Rows.Select(row => row.Receipt).Chunk(Slice))
        {
            var other = await (
                from payment in db.Payments
                join holder in db.PaymentAccounts on payment.PaymentAccountId equals holder.Id
                where receipts.Contains(payment.Receipt) && holder.ShortCode != account.ShortCode
                select holder.Name).FirstOrDefaultAsync(cancellationToken);
            if (other is not null)
                return other;
        }

        return null;
    }

    private async Task<UploadReport> TakeAsync(
        PaymentAccount account, PulledRow[] rows, UploadReport report, List<string> booked, CancellationToken cancellationToken)
    {
        Dictionary<string, decimal> known;
        var receipts = rows.Select(row => row.Receipt).ToArray();
        await using (var db = await database.OpenAsync(cancellationToken))
        {
            known = await db.StatementLines
                .Where(l => l.PaymentAccountId == account.Id && l.Source != StatementSource.Inquiry && receipts.Contains(l.Receipt))
                .Select(l => new { l.Receipt, l.Amount })
                .ToDictionaryAsync(l => l.Receipt, l => l.Amount, cancellationToken);
        }

        foreach (var row in rows.Where(row => !known.TryGetValue(row.Receipt, out var amount) || amount != row.Amount))
        {
            await using var db = await database.OpenAsync(cancellationToken);
            if (await booking.TakeAsync(db, account, row, StatementSource.Upload, cancellationToken) is not { } line)
                continue;

            var isBooked = db.Entry(line) is { State: EntityState.Added, Entity.Outcome: ProviderMessageOutcome.Unmatched };
            await db.CommitAsync(cancellationToken);
            if (isBooked)
                booked.Add(line.Receipt);
            report = report with { New = report.New + 1, Booked = report.Booked + (isBooked ? 1 : 0) };
        }

        return report with { Lines = report.Lines + rows.Length };
    }
}

public sealed record StatementPeriod(DateOnly From, DateOnly Until);

/// <param name="Lines">Read, those that were known among them.</param>
/// <param name="Booked">Payments that nobody had told of: they wait in suspense.</param>
public sealed record UploadReport(int Lines, int New, int Booked);

public abstract record UploadOutcome
{
    private UploadOutcome() { }

    public sealed record Taken(UploadReport Report) : UploadOutcome;

    public sealed record AccountGone : UploadOutcome;

    /// <summary>It would prove nothing.</summary>
    public sealed record RowsUnread(int Count) : UploadOutcome;

    /// <summary>It ends before it begins, or lies ahead.</summary>
    public sealed record NoSuchPeriod : UploadOutcome;

    public sealed record RowsOutside(DateTimeOffset First, DateTimeOffset Last) : UploadOutcome;

    /// <param name="Name">The account that received this money.</param>
    public sealed record OtherAccount(string Name) : UploadOutcome;
}
