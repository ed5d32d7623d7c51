using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>A person settles what an SMS alone does not.</summary>
public sealed class MoneySmsDesk(IspDatabase database, MoneySmsBooking booking, Actor actor, AuditTrail audit, TimeProvider clock)
{
    /// <param name="reason">What was found out: required.</param>
    /// <returns>False when somebody has put it away already, or no reason is given.</returns>
    public async Task<bool> PutAwayAsync(Guid smsId, string reason, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (string.IsNullOrWhiteSpace(reason) || await LockAsync(db, smsId, cancellationToken) is not { PutAwayAt: null } sms)
            return false;

        sms.PutAway(actor.Name.Truncate(120), reason.Trim().Truncate(Allocation.MaxReasonLength), clock.GetUtcNow());
        audit.Record(db, "money-sms.put-away", sms.Id, new { sms.Receipt, sms.Amount, Outcome = $"{sms.Outcome}", Reason = reason });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Has all read again that no template took, after templates were changed.</summary>
    /// <returns>How many are read again.</returns>
    public async Task<int> ReadAgainAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var count = await db.MoneySms
            .Where(s => s.Outcome == MoneySmsOutcome.NotRecognised && s.PutAwayAt == null && s.Text != null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(s => s.ProcessedAt, (DateTimeOffset?)null).SetProperty(s => s.Outcome, (MoneySmsOutcome?)null)
                    .SetProperty(s => s.Note, (string?)null),
                cancellationToken);
        if (count > 0)
            audit.Record(db, "money-sms.read-again", db.CurrentTenantId, new { Count = count });
        await db.CommitAsync(cancellationToken);
        return count;
    }

    /// <summary>
    /// Books a hint that the provider has not confirmed: for who has seen it on the provider's statement. It goes where its
    /// account number says, else into suspense.
    /// </summary>
    /// <param name="accountId">Where the money came in, for an SMS that several accounts fit (<see cref="AccountsAsync"/>); null of others.</param>
    public async Task<BookSmsOutcome> BookAsync(Guid smsId, Guid? accountId, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return BookSmsOutcome.ReasonMissing;

        await using var db = await database.OpenAsync(cancellationToken);
        if (await LockAsync(db, smsId, cancellationToken) is not { PutAwayAt: null, BookedAt: null, Outcome: MoneySmsOutcome.Hint or MoneySmsOutcome.Held, Receipt: { } receipt } sms)
            return BookSmsOutcome.NotToBeBooked;
        var fitting = await FittingAsync(db, sms, cancellationToken);
        if (accountId is not null)
            fitting = fitting.FindAll(a => a.Id == accountId);
        if (fitting is not [var account])
            return fitting.Count == 0 ? BookSmsOutcome.NoSuchAccount : BookSmsOutcome.WhichAccount;

        await PaymentRows.LockReceiptAsync(db, receipt, cancellationToken);
        if (await db.Payments.AnyAsync(p => p.Receipt == receipt, cancellationToken))
            return BookSmsOutcome.ReceiptBooked;

        var (outcome, note) = await booking.BookAsync(db, sms, account, FactsOf(sms), mayHold: false, cancellationToken);
        sms.Processed(outcome, note?.Truncate(300), clock.GetUtcNow());
        audit.Record(db, "money-sms.book", sms.Id, new { receipt, sms.Amount, Account = account.Name, Reason = reason, Outcome = $"{outcome}" });
        await db.CommitAsync(cancellationToken);
        return outcome == MoneySmsOutcome.Booked ? BookSmsOutcome.Booked : BookSmsOutcome.Held;
    }

    /// <summary>The accounts whose money it may tell of. Of several a person says which when he books it.</summary>
    /// <returns>The newest first; none when there is no such message, or it tells of no payment.</returns>
    public async Task<IReadOnlyList<FittingAccount>> AccountsAsync(Guid smsId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.MoneySms.AsNoTracking().SingleOrDefaultAsync(s => s.Id == smsId, cancellationToken) is { Kind: not null } sms
            ? [.. (await FittingAsync(db, sms, cancellationToken)).Select(a => new FittingAccount(a.Id, a.Name, a.TillNumber ?? a.ShortCode))]
            : [];
    }

    /// <summary>
    /// Of the kind that the message tells of: the phone's, or the one that was named when it was pasted; where none was, or
    /// wrongly, all that are open.
    /// </summary>
    private static async Task<List<PaymentAccount>> FittingAsync(IspDbContext db, MoneySms sms, CancellationToken cancellationToken)
    {
        var accounts = await db.PaymentAccounts.AtOwnShortCode()
            .Where(a => a.DisabledAt == null || a.Id == sms.PaymentAccountId)
            .OrderByDescending(a => a.Id)
            .ToListAsync(cancellationToken);
        var fitting = accounts.FindAll(account => MoneySmsKinds.Fits(sms.Kind!.Value, account.Kind));
        var named = fitting.FindAll(account => account.Id == sms.PaymentAccountId);
        return named.Count > 0 || sms.PhoneId is not null ? named : fitting;
    }

    private static SmsFacts FactsOf(MoneySms sms) => new(sms.Kind!.Value)
    {
        Receipt = sms.Receipt, Amount = sms.Amount, PayerName = sms.PayerName, PayerNumber = sms.PayerNumber, Account = sms.TypedAccount, SaidAt = sms.SaidAt,
    };

    private static Task<MoneySms?> LockAsync(IspDbContext db, Guid smsId, CancellationToken cancellationToken)
        => db.MoneySms
            .FromSql($"select * from money_sms where tenant_id = {db.CurrentTenantId} and id = {smsId} for update")
            .SingleOrDefaultAsync(cancellationToken);
}

/// <param name="Number">As payers know it.</param>
public sealed record FittingAccount(Guid Id, string Name, string Number);

public enum BookSmsOutcome
{
    Booked,

    /// <summary>A prompt for the amount is under way at the till: the provider's word will come.</summary>
    Held,
    ReceiptBooked,

    /// <summary>The tenant has no account of the kind that the message tells of, or it is not the named one.</summary>
    NoSuchAccount,

    /// <summary>Several accounts fit, and none is named.</summary>
    WhichAccount,

    /// <summary>It is no hint, or somebody has settled it already.</summary>
    NotToBeBooked,
    ReasonMissing,
}
