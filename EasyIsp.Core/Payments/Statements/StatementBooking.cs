using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>Makes something of one line of the provider's books: it is evidence like a confirmation, under the same locks.</summary>
public sealed class StatementBooking(ConfirmationReading confirmations, TimeProvider clock)
{
    /// <summary>Nairobi's hours before Greenwich, which a row's time may be wrong by.</summary>
    private static readonly TimeSpan ZonesDiffer = TimeSpan.FromHours(3);

    /// <summary>Participant.</summary>
    /// <returns>Null when the line is known already, from there.</returns>
    internal async Task<StatementLine?> TakeAsync(
        IspDbContext db, PaymentAccount account, PulledRow row, StatementSource source, CancellationToken cancellationToken)
    {
        await PaymentRows.LockReceiptAsync(db, row.Receipt, cancellationToken);
        var known = await db.StatementLines.SingleOrDefaultAsync(l => l.PaymentAccountId == account.Id && l.Receipt == row.Receipt, cancellationToken);
        if (known is not null && (known.Source == source || source == StatementSource.Inquiry))
            return null;

        var (outcome, note) = await confirmations.TellAsync(db, account, ConfirmationOf(account, row), cancellationToken);
        if (known is not null)
        {
            known.Learn(row);
            return known;
        }

        var line = StatementLine.Of(account, row, source, outcome, note?.Truncate(300), clock.GetUtcNow());
        db.StatementLines.Add(line);
        return line;
    }

    /// <summary>Whether the provider told the time of this very payment before, three hours off.</summary>
    internal static Task<bool> DoubtsZoneAsync(IspDbContext db, StatementLine line, CancellationToken cancellationToken)
    {
        if (line is not { At: { } at, Outcome: ProviderMessageOutcome.Repeated })
            return Task.FromResult(false);

        var (early, late, slack) = (at - ZonesDiffer, at + ZonesDiffer, TimeSpan.FromMinutes(2));
        var (earlyFrom, earlyTo, lateFrom, lateTo) = (early - slack, early + slack, late - slack, late + slack);
        return db.Payments.AnyAsync(
            p => p.Receipt == line.Receipt && ((p.PaidAt > earlyFrom && p.PaidAt < earlyTo) || (p.PaidAt > lateFrom && p.PaidAt < lateTo)), cancellationToken);
    }

    private static C2bConfirmation ConfirmationOf(PaymentAccount account, PulledRow row) => new()
    {
        Receipt = row.Receipt,
        Amount = row.Amount,
        ShortCode = account.ShortCode,
        Account = row.Account,
        PaidAt = row.At,
        PayerNumber = row.PayerNumber,
        PayerName = row.PayerName,
    };
}
