using System.Globalization;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>Makes something of one line of the provider's books: it is evidence like a confirmation, under the same locks.</summary>
public sealed class StatementBooking(ConfirmationReading confirmations, Deposits deposits, TimeProvider clock)
{
    /// <summary>Nairobi's hours before Greenwich, which a row's time may be wrong by.</summary>
    private static readonly TimeSpan ZonesDiffer = TimeSpan.FromHours(3);

    /// <summary>Participant.</summary>
    /// <param name="row">Where its time is doubted it is booked without what money at a till is told apart by.</param>
    /// <returns>Null when the line is known already, with this amount and from no less a source.</returns>
    internal async Task<StatementLine?> TakeAsync(
        IspDbContext db, PaymentAccount account, PulledRow row, StatementSource source, CancellationToken cancellationToken)
    {
        await PaymentRows.LockReceiptAsync(db, row.Receipt, cancellationToken);
        var known = await KnownAsync(db, account, row.Receipt, cancellationToken);
        if (known is not null && known.Amount == row.Amount && (known.Source != StatementSource.Inquiry || source == StatementSource.Inquiry))
        {
            if (known.Source != StatementSource.Upload || source != StatementSource.Pull)
                return null;

            await confirmations.TellAsync(db, account, ConfirmationOf(account, row), cancellationToken);
            known.Learn(row, source);
            return known;
        }

        var confirmation = ConfirmationOf(account, row);
        var (outcome, note) = source == StatementSource.Upload
            ? await KeepAsync(db, account, confirmation, cancellationToken)
            : await confirmations.TellAsync(db, account, confirmation, cancellationToken);
        if (known is not null)
        {
            known.Learn(row, source);
            return known;
        }

        var line = StatementLine.Of(account, row, source, outcome, note?.Truncate(300), clock.GetUtcNow());
        db.StatementLines.Add(line);
        return line;
    }

    /// <summary>Also of another account with this short code: it was opened again with other keys.</summary>
    private static Task<StatementLine?> KnownAsync(IspDbContext db, PaymentAccount account, string receipt, CancellationToken cancellationToken)
        => db.StatementLines
            .Where(l => l.Receipt == receipt && db.PaymentAccounts.Any(a => a.Id == l.PaymentAccountId && a.ShortCode == account.ShortCode))
            .OrderBy(l => l.PaymentAccountId == account.Id ? 0 : 1).ThenBy(l => l.Id)
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>
    /// A file went through a person's hands: what nobody told of waits in suspense until the provider tells of it, and what is
    /// booked stays as it is, but for a receipt that was still to come.
    /// </summary>
    private async Task<(ProviderMessageOutcome, string? Note)> KeepAsync(
        IspDbContext db, PaymentAccount account, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        var booked = await db.Payments.Where(p => p.Receipt == confirmation.Receipt).Select(p => (decimal?)p.Amount).SingleOrDefaultAsync(cancellationToken);
        if (booked is null)
        {
            if (account.Kind == ShortCodeKind.Till)
                await PaymentRows.LockTillAsync(db, account.ShortCode, confirmation.Amount, cancellationToken);
            if (await confirmations.FindsReceiptAsync(db, account, confirmation, cancellationToken))
                return (ProviderMessageOutcome.Repeated, null);

            await deposits.BookAsync(db, account, Deposit.Of(confirmation), customerId: null, cancellationToken);
            return (ProviderMessageOutcome.Unmatched, null);
        }

        return booked == confirmation.Amount
            ? (ProviderMessageOutcome.Repeated, null)
            : (ProviderMessageOutcome.AmountMismatch, string.Create(CultureInfo.InvariantCulture, $"It says {confirmation.Amount}; {booked} is booked for its receipt."));
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
        PayerNumber = row.TimeIsDoubted && account.Kind == ShortCodeKind.Till ? null : row.PayerNumber,
        PayerName = row.PayerName,
    };
}
