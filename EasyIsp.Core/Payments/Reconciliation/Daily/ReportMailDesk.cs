using EasyIsp.Core.Auditing;
using EasyIsp.Core.Mail;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Reconciliation.Daily;

/// <summary>To whom the daily report goes, what became of the last ones, and whether one is genuine.</summary>
public sealed class ReportMailDesk(IspDatabase database, MailServer server, ReportSigning signing, TenantContext tenant, AuditTrail audit, TimeProvider clock)
{
    private const int Latest = 7;

    public async Task<ReportMailState> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var mailing = await db.ReportMailings.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var latest = await db.DailyReports
            .OrderByDescending(r => r.Day)
            .Take(Latest)
            .Select(r => new DailyReportRow(r.Day, r.State, r.SentAt, r.NextTryAt, r.Failure))
            .ToListAsync(cancellationToken);
        return new ReportMailState(mailing?.Addresses ?? [], server.IsSet, latest);
    }

    /// <param name="typed">Addresses with blanks, commas or line ends between them; nothing at all ends the mailing.</param>
    /// <returns>Null when it is settled; else what of it is no address, or one too many.</returns>
    public async Task<string?> SendToAsync(string typed, CancellationToken cancellationToken)
    {
        var words = typed.Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.FirstOrDefault(word => EmailAddress.Read(word) is null) is { } wrong)
            return $"{wrong} is no e-mail address.";

        var addresses = words.Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        if (addresses.Length > ReportMailing.MostAddresses)
            return $"At most {ReportMailing.MostAddresses} addresses.";

        await using var db = await database.OpenAsync(cancellationToken);
        var mailing = await db.ReportMailings.SingleOrDefaultAsync(cancellationToken);
        if (mailing is null)
            db.ReportMailings.Add(mailing = ReportMailing.Of(db.CurrentTenantId, clock.GetUtcNow()));
        mailing.SendTo(addresses);
        audit.Record(db, "reconciliation.mail", mailing.Id, new { Addresses = addresses });
        await db.CommitAsync(cancellationToken);
        return null;
    }

    /// <param name="file">One of the report's files; null when there is none to be checked.</param>
    public ReportCheck Check(string pasted, byte[]? file) => signing.Check(tenant.Id, pasted, file);
}

/// <param name="HasServer">Mail can be sent at all.</param>
/// <param name="Latest">Newest first.</param>
public sealed record ReportMailState(IReadOnlyList<string> Addresses, bool HasServer, IReadOnlyList<DailyReportRow> Latest);

/// <param name="NextTryAt">Null once it is sent or given up.</param>
public sealed record DailyReportRow(DateOnly Day, DailyReportState State, DateTimeOffset? SentAt, DateTimeOffset? NextTryAt, string? Failure);
