using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Payments;

/// <summary>Staff write down cash, cheques and bank deposits, and take such an entry back.</summary>
public sealed class CounterDesk(IspDatabase database, Deposits deposits, Actor actor, AuditTrail audit, TimeProvider clock)
{
    private const string ReferenceIsTaken = "ix_payments_reference";

    /// <summary>
    /// Into the customer's wallet, with a receipt by SMS; what follows is the account's rule. Sent again, also at the same
    /// moment, it is written once.
    /// </summary>
    public async Task<TakeOutcome> TakeAsync(CounterPayment taken, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await PaymentRows.LockNewAsync(db, taken.Id, cancellationToken);
        if (await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == taken.Id, cancellationToken) is { } known)
            return known.WasTakenAs(taken) ? new TakeOutcome.Taken(known.Id, WasKnown: true) : new TakeOutcome.IdTaken(known.Id);

        var account = await db.PaymentAccounts.SingleOrDefaultAsync(a => a.Id == taken.AccountId && a.DisabledAt == null, cancellationToken);
        if (account is null || !account.Rail.IsCounter())
            return new TakeOutcome.AccountGone();

        var now = clock.GetUtcNow();
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken);
        var calendar = new TenantCalendar(tenant);
        var today = calendar.DayOf(now);
        if (CounterRules.FaultsIn(taken, account.Rail, tenant.CurrencyDigits, today) is { Count: > 0 } faults)
            return new TakeOutcome.Refused(faults);
        if (!await db.Customers.AnyAsync(c => c.Id == taken.CustomerId && c.DeletedAt == null, cancellationToken))
            return new TakeOutcome.CustomerGone();

        var paidAt = taken.Day == today ? now : calendar.StartOf(taken.Day);
        return await BookAsync(db, account, taken, paidAt, cancellationToken);
    }

    /// <summary>A cheque bounced, a slip was typed wrongly: a reversing entry, while the wallet holds the money.</summary>
    /// <param name="reason">For the books: required.</param>
    public async Task<ReverseOutcome> ReverseAsync(Guid paymentId, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return ReverseOutcome.ReasonMissing;

        await using var db = await database.OpenAsync(cancellationToken);
        var payment = await PaymentRows.LockPaymentAsync(db, paymentId, cancellationToken);
        if (payment is not { Reference: { } reference, CustomerId: { } customerId })
            return ReverseOutcome.NotTakenByStaff;
        if (payment.ReversedAt is not null)
            return ReverseOutcome.AlreadyReversed;

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == payment.PaymentAccountId, cancellationToken);
        var grounds = new AllocationGrounds(actor.Name.Truncate(120), reason.Trim().Truncate(Allocation.MaxReasonLength));
        if (!await deposits.ReverseAsync(db, payment, account, customerId, grounds, cancellationToken))
            return ReverseOutcome.Spent;

        audit.Record(db, "payment.reverse", payment.Id, new { Reference = reference, payment.Amount, CustomerId = customerId, Reason = reason });
        await db.CommitAsync(cancellationToken);
        return ReverseOutcome.Reversed;
    }

    private async Task<TakeOutcome> BookAsync(
        IspDbContext db, PaymentAccount account, CounterPayment taken, DateTimeOffset paidAt, CancellationToken cancellationToken)
    {
        if (taken.Number is { } number && await HolderAsync(db, account, number, cancellationToken) is { } holder)
            return new TakeOutcome.ReferenceTaken(holder);

        var reference = taken.Number ?? $"{CounterRules.CashPrefix}{await db.TakeNumbersAsync(TenantCounters.CashReceipts, 1, clock, cancellationToken)}";
        var payment = Payment.Taken(account, taken, reference, paidAt, actor.Name.Truncate(Payment.MaxTakenByLength), clock.GetUtcNow());
        try
        {
            await deposits.EnterAsync(db, account, payment, $"{account.Rail} {reference}", cancellationToken);
            audit.Record(db, "payment.take", payment.Id, new
            {
                Account = account.Name, Rail = $"{account.Rail}", Reference = reference, payment.Amount, taken.CustomerId, taken.Day, taken.Note,
            });
            await db.CommitAsync(cancellationToken);
            return new TakeOutcome.Taken(payment.Id);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { ConstraintName: ReferenceIsTaken })
        {
            return new TakeOutcome.ReferenceTaken(PaymentId: null);
        }
    }

    private static Task<Guid?> HolderAsync(IspDbContext db, PaymentAccount account, string reference, CancellationToken cancellationToken)
        => db.Payments
            .Where(p => p.PaymentAccountId == account.Id && p.Reference == reference && p.ReversedAt == null)
            .Select(p => (Guid?)p.Id)
            .SingleOrDefaultAsync(cancellationToken);
}

public abstract record TakeOutcome
{
    private TakeOutcome() { }

    /// <param name="WasKnown">The same form wrote it down before.</param>
    public sealed record Taken(Guid PaymentId, bool WasKnown = false) : TakeOutcome;

    /// <summary>Something else is written down under this id: another customer's, or another amount.</summary>
    public sealed record IdTaken(Guid PaymentId) : TakeOutcome;

    public sealed record Refused(IReadOnlyList<CounterFault> Faults) : TakeOutcome;

    /// <summary>This slip is written down already.</summary>
    /// <param name="PaymentId">Null when somebody else did so this very moment.</param>
    public sealed record ReferenceTaken(Guid? PaymentId) : TakeOutcome;

    public sealed record CustomerGone : TakeOutcome;

    /// <summary>Disabled meanwhile, or not one that staff write down.</summary>
    public sealed record AccountGone : TakeOutcome;
}

public enum ReverseOutcome
{
    Reversed,

    /// <summary>Somebody else was faster.</summary>
    AlreadyReversed,

    /// <summary>A provider told of it: it is refunded, not reversed.</summary>
    NotTakenByStaff,

    /// <summary>The wallet holds less than that by now.</summary>
    Spent,
    ReasonMissing,
}
