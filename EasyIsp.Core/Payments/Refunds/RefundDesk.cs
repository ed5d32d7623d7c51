using EasyIsp.Core.Auditing;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Refunds;

/// <summary>
/// Staff give money back. Up to the tenant's limit it happens at once; over it a second person approves. Of two who give the
/// same money back at once one succeeds: they wait for each other at the payment's row.
/// </summary>
public sealed class RefundDesk(
    IspDatabase database, RefundBooks books, OrderBook orders, IEnumerable<IOrderOutcome> outcomes, Actor actor, AuditTrail audit, TimeProvider clock)
{
    public async Task<AskOutcome> AskAsync(RefundDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await PaymentRows.LockPaymentAsync(db, draft.PaymentId, cancellationToken) is not { } payment)
            return new AskOutcome.PaymentGone();
        if (await db.Refunds.SingleOrDefaultAsync(r => r.Id == draft.Id, cancellationToken) is { } known)
            return new AskOutcome.Taken(known.Id, known.State);

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == payment.PaymentAccountId, cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken);
        var before = payment.GivenBack + await AskedForAsync(db, payment, cancellationToken);
        var left = payment.Amount - before;
        List<RefundFault> faults = [.. RefundRules.FaultsIn(draft, payment, account.Rail, left, tenant.CurrencyDigits)];
        if (draft.Way is RefundWay.Reversal or RefundWay.Payout && !await db.Initiators.AnyAsync(i => i.PaymentAccountId == account.Id, cancellationToken))
            faults.Add(RefundFault.NoInitiator);
        var purchase = draft.EndsAccess ? await PurchaseOf(db, payment).FirstOrDefaultAsync(cancellationToken) : null;
        if (draft.EndsAccess && (purchase is null || purchase.Price != draft.Amount))
            faults.Add(RefundFault.NotTakenBack);
        if (faults.Count > 0)
            return new AskOutcome.Refused(faults);

        var refund = Refund.Ask(payment, draft, purchase?.Id, actor.UserId, actor.Name, clock.GetUtcNow());
        db.Refunds.Add(refund);
        Record(db, "refund.ask", refund);
        if (!RefundRules.NeedsAnother(refund.Amount, refund.Way, before, tenant.RefundLimit))
        {
            if (await BeginAsync(db, refund, payment, account, cancellationToken) is { } fault)
                return new AskOutcome.Refused([fault]);
        }

        await db.CommitAsync(cancellationToken);
        return new AskOutcome.Taken(refund.Id, refund.State);
    }

    /// <summary>By another person than the one who asked.</summary>
    public async Task<DecisionOutcome> ApproveAsync(Guid refundId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var (refund, payment) = await LockAsync(db, refundId, cancellationToken);
        if (refund is not { State: RefundState.Asked } || payment is null)
            return new DecisionOutcome.DecidedAlready();
        if (refund.AskedById is { } asker && asker == actor.UserId)
            return new DecisionOutcome.NeedsAnother();

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == payment.PaymentAccountId, cancellationToken);
        if (RefundRules.HasChangedSince(refund, payment))
            return new DecisionOutcome.Refused(RefundFault.Changed);
        if (await BeginAsync(db, refund, payment, account, cancellationToken) is { } fault)
            return new DecisionOutcome.Refused(fault);

        Record(db, "refund.approve", refund);
        await db.CommitAsync(cancellationToken);
        return new DecisionOutcome.Decided(refund.State);
    }

    /// <summary>Also by whoever asked for it, who takes it back so.</summary>
    public async Task<DecisionOutcome> DeclineAsync(Guid refundId, string why, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(why))
            return new DecisionOutcome.Refused(RefundFault.Reason);

        await using var db = await database.OpenAsync(cancellationToken);
        var (refund, _) = await LockAsync(db, refundId, cancellationToken);
        if (refund is not { State: RefundState.Asked })
            return new DecisionOutcome.DecidedAlready();

        refund.Declined(actor.Name, why.Trim().Truncate(Refund.MaxReasonLength), clock.GetUtcNow());
        Record(db, "refund.decline", refund);
        await db.CommitAsync(cancellationToken);
        return new DecisionOutcome.Decided(refund.State);
    }

    /// <summary>
    /// A person says what became of an order that the provider never told the end of, and that nothing is left to ask about:
    /// by the provider's own statement.
    /// </summary>
    /// <param name="paid">It stands on the statement; else it is believed that it will not.</param>
    public async Task<DecisionOutcome> ConcludeAsync(Guid refundId, bool paid, string why, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(why))
            return new DecisionOutcome.Refused(RefundFault.Reason);

        await using var db = await database.OpenAsync(cancellationToken);
        var orderId = await db.ProviderOrders.Where(o => o.CauseId == refundId).Select(o => o.Id).SingleOrDefaultAsync(cancellationToken);
        if (await OrderRows.LockAsync(db, orderId, cancellationToken) is not { IsLost: true } order)
            return new DecisionOutcome.DecidedAlready();

        var said = $"{actor.Name}: {why.Trim()}".Truncate(Refund.MaxResultLength);
        order.Settled(paid ? "0" : "NotPaid", said, receipt: null, answer: said, clock.GetUtcNow());
        await outcomes.TellAsync(db, order, result: null, cancellationToken);
        audit.Record(db, "refund.conclude", refundId, new { Paid = paid, Reason = why });
        await db.CommitAsync(cancellationToken);
        return new DecisionOutcome.Decided(paid ? RefundState.Done : RefundState.Failed);
    }

    /// <summary>Participant: what this payment bought and nobody has wanted to take back, newest first.</summary>
    internal static IQueryable<Purchase> PurchaseOf(IspDbContext db, Payment payment)
        => db.Purchases
            .Where(p => p.CauseId == payment.Id && p.CustomerId == payment.CustomerId && p.PaidBy == PurchaseMeans.Wallet && p.TakenBackAt == null)
            .Where(p => !db.Refunds.Any(r => r.PurchaseId == p.Id && r.State != RefundState.Declined))
            .OrderByDescending(p => p.At);

    private async Task<RefundFault?> BeginAsync(
        IspDbContext db, Refund refund, Payment payment, PaymentAccount account, CancellationToken cancellationToken)
    {
        refund.Approved(actor.Name, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken); // its steps refer to it
        if (await books.HoldAsync(db, refund, payment, cancellationToken) is { } fault)
            return fault;

        switch (refund.Way)
        {
            case RefundWay.Reversal:
                orders.Reverse(db, payment, refund.Amount, refund.Id, refund.Reason, refund.AskedBy);
                break;
            case RefundWay.Payout:
                orders.PayOut(db, account.Id, refund.Phone!, refund.Amount, refund.Id, refund.Reason, refund.AskedBy);
                break;
            default:
                await books.PayAsync(db, refund, refund.Way == RefundWay.Wallet ? AccountRef.Wallet(refund.CustomerId!.Value) : account.Ledger, cancellationToken);
                refund.Done(receipt: null, clock.GetUtcNow());
                await RefundNotices.SendAsync(db, refund, payment, clock.GetUtcNow(), cancellationToken);
                break;
        }

        return null;
    }

    private static async Task<(Refund?, Payment?)> LockAsync(IspDbContext db, Guid refundId, CancellationToken cancellationToken)
    {
        if (await RefundRows.LockAsync(db, refundId, cancellationToken) is not { } refund)
            return (null, null);
        return (refund, await PaymentRows.LockPaymentAsync(db, refund.PaymentId, cancellationToken));
    }

    private static Task<decimal> AskedForAsync(IspDbContext db, Payment payment, CancellationToken cancellationToken)
        => db.Refunds.Where(r => r.PaymentId == payment.Id && r.State == RefundState.Asked && r.Way != RefundWay.Wallet).SumAsync(r => r.Amount, cancellationToken);

    private void Record(IspDbContext db, string action, Refund refund) => audit.Record(db, action, refund.Id, new
    {
        refund.PaymentId, refund.Amount, Way = $"{refund.Way}", refund.Reason, State = $"{refund.State}", refund.DecisionNote,
    });
}

internal static class RefundRows
{
    /// <summary>Participant: behind the order's lock, before the payment's.</summary>
    public static Task<Refund?> LockAsync(IspDbContext db, Guid refundId, CancellationToken cancellationToken)
        => db.Refunds
            .FromSql($"select * from refunds where tenant_id = {db.CurrentTenantId} and id = {refundId} for update")
            .SingleOrDefaultAsync(cancellationToken);
}

public abstract record AskOutcome
{
    private AskOutcome() { }

    /// <summary>Asked for, now or by the same form before.</summary>
    /// <param name="State"><see cref="RefundState.Asked"/> where a second person must approve it.</param>
    public sealed record Taken(Guid RefundId, RefundState State) : AskOutcome;

    public sealed record Refused(IReadOnlyList<RefundFault> Faults) : AskOutcome;

    public sealed record PaymentGone : AskOutcome;
}

public abstract record DecisionOutcome
{
    private DecisionOutcome() { }

    public sealed record Decided(RefundState State) : DecisionOutcome;

    /// <summary>Somebody else was faster.</summary>
    public sealed record DecidedAlready : DecisionOutcome;

    /// <summary>Whoever asked does not approve.</summary>
    public sealed record NeedsAnother : DecisionOutcome;

    public sealed record Refused(RefundFault Fault) : DecisionOutcome;
}
