using EasyIsp.Core.Ledger;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Refunds;

/// <summary>
/// Moves a refund's money in the books: held, while it is under way, so that nobody can spend it; then paid or released.
/// All are participants; the caller holds the refund's row lock and the payment's.
/// </summary>
public sealed class RefundBooks(GeneralLedger ledger, Selling selling, TimeProvider clock)
{
    /// <summary>Out of suspense, the wallet, or, with what it bought taken back, out of sales.</summary>
    /// <returns>Null when it could be; else why not.</returns>
    internal async Task<RefundFault?> HoldAsync(IspDbContext db, Refund refund, Payment payment, CancellationToken cancellationToken)
    {
        var from = AccountRef.Suspense;
        if (refund.CustomerId is { } customerId)
        {
            await Selling.LockAsync(db, customerId, cancellationToken);
            if (refund.PurchaseId is { } purchaseId)
            {
                if (!await selling.TakeBackAsync(db, purchaseId, cancellationToken))
                    return RefundFault.NotTakenBack;
                from = AccountRef.Sales;
            }
            else if (await GeneralLedger.WalletAsync(db, customerId, cancellationToken) < refund.Amount)
            {
                return RefundFault.Spent;
            }
            else
            {
                from = AccountRef.Wallet(customerId);
            }
        }

        if (refund.LeavesHouse)
            payment.GiveBack(refund.Amount);
        await MoveAsync(db, refund, RefundStepKind.Held, from, AccountRef.RefundsUnderway, cancellationToken);
        return null;
    }

    internal Task PayAsync(IspDbContext db, Refund refund, AccountRef to, CancellationToken cancellationToken)
        => MoveAsync(db, refund, RefundStepKind.Paid, AccountRef.RefundsUnderway, to, cancellationToken);

    /// <summary>The provider did not pay: a customer has it in his wallet, also where what it had bought was taken back.</summary>
    internal async Task ReleaseAsync(IspDbContext db, Refund refund, Payment payment, CancellationToken cancellationToken)
    {
        payment.GiveBack(-refund.Amount);
        var to = refund.CustomerId is { } customerId ? AccountRef.Wallet(customerId) : AccountRef.Suspense;
        await MoveAsync(db, refund, RefundStepKind.Released, AccountRef.RefundsUnderway, to, cancellationToken);
    }

    /// <summary>
    /// The provider paid after it had said that it would not: the money is held again where it lies. What has been spent
    /// meanwhile stays missing on the account of refunds, for a person to see.
    /// </summary>
    internal async Task HoldAgainAsync(IspDbContext db, Refund refund, Payment payment, CancellationToken cancellationToken)
    {
        var waits = payment.IsInSuspense;
        payment.GiveBack(refund.Amount);
        if (refund.CustomerId is { } customerId)
        {
            await Selling.LockAsync(db, customerId, cancellationToken);
            if (await GeneralLedger.WalletAsync(db, customerId, cancellationToken) >= refund.Amount)
                await MoveAsync(db, refund, RefundStepKind.Held, AccountRef.Wallet(customerId), AccountRef.RefundsUnderway, cancellationToken);
        }
        else if (waits)
        {
            await MoveAsync(db, refund, RefundStepKind.Held, AccountRef.Suspense, AccountRef.RefundsUnderway, cancellationToken);
        }
    }

    private async Task MoveAsync(
        IspDbContext db, Refund refund, RefundStepKind kind, AccountRef from, AccountRef to, CancellationToken cancellationToken)
    {
        var step = RefundStep.Of(refund, kind, clock.GetUtcNow());
        db.RefundSteps.Add(step);
        await ledger.PostAsync(
            db,
            JournalSource.Refund,
            step.Id,
            $"{Words(kind)}: {refund.Reason}".Truncate(200),
            [Posting.Debit(from, refund.Amount), Posting.Credit(to, refund.Amount)],
            cancellationToken);
    }

    private static string Words(RefundStepKind kind) => kind switch
    {
        RefundStepKind.Held => "Refund, held",
        RefundStepKind.Paid => "Refund, paid",
        _ => "Refund, not paid",
    };
}
