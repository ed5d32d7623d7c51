using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>People settle what the two sides do not agree on.</summary>
public sealed class ReconciliationDesk(IspDatabase database, Deposits deposits, Actor actor, AuditTrail audit, TimeProvider clock)
{
    /// <summary>The difference counts no more while it is this one; nothing is booked.</summary>
    /// <param name="key">As whoever explains it saw it.</param>
    /// <param name="reason">What was found out: required.</param>
    /// <returns>False when there is no reason, or somebody has given one already.</returns>
    public async Task<bool> ExplainAsync(DifferenceKey key, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || key is { LineId: null, PaymentId: null })
            return false;

        await using var db = await database.OpenAsync(cancellationToken);
        var explanation = Explanation.Of(
            db.CurrentTenantId, key, reason.Trim().Truncate(Explanation.MaxReasonLength), actor.Name.Truncate(Explanation.MaxNameLength), clock.GetUtcNow());
        db.Explanations.Add(explanation);
        audit.Record(db, "reconciliation.explain", explanation.Id, new
        {
            explanation.StatementLineId, explanation.PaymentId, Kind = $"{explanation.Kind}", explanation.Stated, explanation.Booked, explanation.Entered, explanation.Reason,
        });
        try
        {
            await db.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
        })
        {
            return false;
        }
    }

    /// <summary>
    /// Books what the provider's statement names and no payment holds into suspense, from where it is placed. Of two at once
    /// one succeeds.
    /// </summary>
    /// <param name="reason">For the books: required.</param>
    public async Task<BookLineOutcome> BookAsync(Guid lineId, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return new BookLineOutcome.ReasonMissing();

        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.StatementLines.AsNoTracking().SingleOrDefaultAsync(l => l.Id == lineId, cancellationToken) is not { } line)
            return new BookLineOutcome.LineGone();

        await PaymentRows.LockReceiptAsync(db, line.Receipt, cancellationToken);
        if (await db.Payments.AnyAsync(p => p.Receipt == line.Receipt, cancellationToken))
            return new BookLineOutcome.Booked(null);

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == line.PaymentAccountId, cancellationToken);
        var confirmation = new C2bConfirmation
        {
            Receipt = line.Receipt, Amount = line.Amount, ShortCode = account.ShortCode, Account = line.Account, PaidAt = line.At, PayerNumber = line.PayerNumber,
        };
        var payment = await deposits.BookAsync(db, account, Deposit.Of(confirmation), customerId: null, cancellationToken);
        audit.Record(db, "reconciliation.book", payment.Id, new { line.Receipt, line.Amount, Reason = reason.Trim() });
        await db.CommitAsync(cancellationToken);
        return new BookLineOutcome.Booked(payment.Id);
    }
}

public abstract record BookLineOutcome
{
    private BookLineOutcome() { }

    /// <param name="PaymentId">It waits in suspense; null when it was booked already.</param>
    public sealed record Booked(Guid? PaymentId) : BookLineOutcome;

    public sealed record LineGone : BookLineOutcome;

    public sealed record ReasonMissing : BookLineOutcome;
}
