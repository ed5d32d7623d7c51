using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>People say whose money it is that came without a name, and take that back. Of two at once one succeeds.</summary>
public sealed class SuspenseDesk(IspDatabase database, Deposits deposits, Settlement settlement, Actor actor, AuditTrail audit)
{
    /// <summary>Into a customer's wallet; what follows is the account's rule, as if he had typed his number.</summary>
    /// <param name="reason">How it is known, for the books: required.</param>
    public async Task<PlaceOutcome> PlaceAsync(Guid paymentId, Guid customerId, string reason, CancellationToken cancellationToken)
    {
        if (GroundsOf(reason) is not { } grounds)
            return PlaceOutcome.ReasonMissing;

        await using var db = await database.OpenAsync(cancellationToken);
        if (await PaymentRows.LockPaymentAsync(db, paymentId, cancellationToken) is not { } payment)
            return PlaceOutcome.PaymentGone;
        if (!payment.IsInSuspense)
            return PlaceOutcome.AlreadyPlaced;
        if (!await db.Customers.AnyAsync(c => c.Id == customerId && c.DeletedAt == null, cancellationToken))
            return PlaceOutcome.CustomerGone;

        await deposits.PlaceAsync(db, payment, customerId, grounds, cancellationToken);
        var rule = await db.PaymentAccounts.Where(a => a.Id == payment.PaymentAccountId).Select(a => a.Deposits).SingleAsync(cancellationToken);
        await deposits.FollowAsync(db, payment, customerId, rule, cancellationToken);
        audit.Record(db, "payment.place", payment.Id, new { payment.Receipt, payment.Amount, CustomerId = customerId, Reason = reason });
        await db.CommitAsync(cancellationToken);
        return PlaceOutcome.Placed;
    }

    /// <summary>It is the payment of a request: what was asked for is delivered, or a payment without receipt gets its receipt.</summary>
    public async Task<PlaceOutcome> GiveToRequestAsync(Guid paymentId, Guid requestId, string reason, CancellationToken cancellationToken)
    {
        if (GroundsOf(reason) is not { } grounds)
            return PlaceOutcome.ReasonMissing;

        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.Payments.Where(p => p.Id == paymentId).Select(p => p.Receipt).SingleOrDefaultAsync(cancellationToken) is not { } receipt)
            return PlaceOutcome.PaymentGone;

        await PaymentRows.LockReceiptAsync(db, receipt, cancellationToken);
        if (await PaymentRows.LockRequestAsync(db, requestId, cancellationToken) is not { } request)
            return PlaceOutcome.RequestSettled;
        if (await PaymentRows.LockPaymentAsync(db, paymentId, cancellationToken) is not { } payment)
            return PlaceOutcome.PaymentGone;
        if (!payment.IsInSuspense)
            return PlaceOutcome.AlreadyPlaced;
        if (payment.Amount != request.Amount || await db.Payments.AnyAsync(p => p.PaymentRequestId == requestId && p.Receipt != null, cancellationToken))
            return PlaceOutcome.RequestSettled;

        var evidence = new PaidEvidence(receipt, payment.PaidAt) { Grounds = grounds };
        if (await settlement.SettleAsync(db, request, evidence, cancellationToken) == SettlementOutcome.ReceiptTaken)
            return PlaceOutcome.RequestSettled;

        audit.Record(db, "payment.give-to-request", payment.Id, new { Receipt = receipt, payment.Amount, RequestId = requestId, Reason = reason });
        await db.CommitAsync(cancellationToken);
        return PlaceOutcome.Placed;
    }

    /// <summary>Undoes a placing, or a match by account number that proved wrong: a reversing entry, while the wallet holds it.</summary>
    public async Task<TakeBackOutcome> TakeBackAsync(Guid paymentId, string reason, CancellationToken cancellationToken)
    {
        if (GroundsOf(reason) is not { } grounds)
            return TakeBackOutcome.ReasonMissing;

        await using var db = await database.OpenAsync(cancellationToken);
        var payment = await PaymentRows.LockPaymentAsync(db, paymentId, cancellationToken);
        if (payment is not { CustomerId: { } customerId, PaymentRequestId: null, Reference: null })
            return TakeBackOutcome.NotPlaced;
        if (!await deposits.TakeBackAsync(db, payment, grounds, cancellationToken))
            return TakeBackOutcome.Spent;

        audit.Record(db, "payment.take-back", payment.Id, new { payment.Receipt, payment.Amount, CustomerId = customerId, Reason = reason });
        await db.CommitAsync(cancellationToken);
        return TakeBackOutcome.TakenBack;
    }

    private AllocationGrounds? GroundsOf(string reason)
        => string.IsNullOrWhiteSpace(reason) ? null : new AllocationGrounds(actor.Name.Truncate(120), reason.Trim().Truncate(Allocation.MaxReasonLength));
}

public enum PlaceOutcome
{
    Placed,

    /// <summary>Somebody else was faster.</summary>
    AlreadyPlaced,
    CustomerGone,
    PaymentGone,

    /// <summary>The request has its payment, asks for another amount, or does not exist.</summary>
    RequestSettled,
    ReasonMissing,
}

public enum TakeBackOutcome
{
    TakenBack,

    /// <summary>It waits in suspense already, paid a request, or was written down by staff, who reverse it.</summary>
    NotPlaced,

    /// <summary>The wallet holds less than that by now.</summary>
    Spent,
    ReasonMissing,
}
