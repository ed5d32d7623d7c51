using EasyIsp.Core.Customers;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Money that came by whichever way, as other software reads it: the latest booked first, a stretch at a time.</summary>
public sealed class ReceivedPayments(IspDatabase database)
{
    /// <summary>By when they were booked, which never changes: what follows the last row of a stretch is what was not in it.</summary>
    public async Task<Slice<ReceivedPayment>> ListAsync(ReceivedQuery query, SliceOf slice, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var payments = await BehindAsync(db, await NarrowAsync(db, query, cancellationToken), slice.Before, cancellationToken);
        return payments is null
            ? new Slice<ReceivedPayment>([], HasMore: false)
            : await Sort(payments).ToSliceAsync(slice, page => Project(db, page), cancellationToken);
    }

    /// <returns>Null when the tenant has no such payment.</returns>
    public async Task<ReceivedPayment?> FindAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Project(db, db.Payments.Where(p => p.Id == paymentId)).SingleOrDefaultAsync(cancellationToken);
    }

    internal static async Task<IQueryable<Payment>> NarrowAsync(IspDbContext db, ReceivedQuery query, CancellationToken cancellationToken)
    {
        var payments = Standing(db.Payments, query.Standing);
        if (query.CustomerId is { } customer)
            payments = payments.Where(p => p.CustomerId == customer);
        if (query.AccountId is { } account)
            payments = payments.Where(p => p.PaymentAccountId == account);
        if (query.Rail is { } rail)
        {
            var accounts = await db.PaymentAccounts.Where(a => a.Rail == rail).Select(a => a.Id).ToArrayAsync(cancellationToken);
            payments = payments.Where(p => accounts.Contains(p.PaymentAccountId));
        }

        if (query.From is { } from)
            payments = payments.Where(p => p.RecordedAt >= from);
        if (query.Until is { } until)
            payments = payments.Where(p => p.RecordedAt < until);
        if (string.IsNullOrWhiteSpace(query.Term))
            return payments;

        var found = await HitsAsync(db, query.Term, query.Standing == PaymentStanding.Suspense, cancellationToken);
        return payments.Where(p => found.Contains(p.Id));
    }

    internal static IOrderedQueryable<Payment> Sort(IQueryable<Payment> payments) => payments.OrderByDescending(p => p.RecordedAt).ThenByDescending(p => p.Id);

    internal static IQueryable<ReceivedPayment> Project(IspDbContext db, IQueryable<Payment> payments)
        => from payment in payments
           join account in db.PaymentAccounts on payment.PaymentAccountId equals account.Id
           join customer in db.Customers on payment.CustomerId equals (Guid?)customer.Id into customers
           from customer in customers.DefaultIfEmpty()
           select new ReceivedPayment(
               payment.Id, payment.Amount, payment.GivenBack, account.Id, account.Name, account.Rail,
               payment.CustomerId, customer == null ? null : customer.Name, payment.PaymentRequestId,
               payment.Receipt, payment.Reference, payment.Phone, payment.TypedAccount, payment.PayerNumber, payment.PayerName,
               payment.PaidAt, payment.RecordedAt, payment.TakenBy, payment.Note, payment.ReversedAt, payment.SameAsId);

    /// <returns>Null when the last row is none of the tenant's.</returns>
    internal static async Task<IQueryable<Payment>?> BehindAsync(
        IspDbContext db, IQueryable<Payment> payments, Guid? last, CancellationToken cancellationToken)
    {
        if (last is not { } id)
            return payments;

        var recordedAt = await db.Payments.Where(p => p.Id == id).Select(p => (DateTimeOffset?)p.RecordedAt).SingleOrDefaultAsync(cancellationToken);
        return recordedAt is { } at
            ? payments.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.RecordedAt, p.Id), ValueTuple.Create(at, id)))
            : null;
    }

    /// <summary>Receipts and references by their beginning, on their indexes; of what waits also who paid and what he typed.</summary>
    private static async Task<Guid[]> HitsAsync(IspDbContext db, string typed, bool waits, CancellationToken cancellationToken)
    {
        if (!PlainText.Fits(typed, C2bConfirmation.MaxPayerNameLength))
            return [];

        var beginnings = new[] { Receipts.Beginning(db, typed), Receipts.BeginningOfReference(db, typed), waits ? SuspenseList.Naming(db.Payments, typed) : null };
        List<Guid> found = [];
        foreach (var payments in beginnings.OfType<IQueryable<Payment>>())
            found.AddRange(await payments.Select(p => p.Id).Take(CustomerSearch.MaxHits).ToListAsync(cancellationToken));
        return [.. found.Distinct()];
    }

    private static IQueryable<Payment> Standing(IQueryable<Payment> payments, PaymentStanding? standing) => standing switch
    {
        PaymentStanding.Booked => payments.Where(p => p.CustomerId != null && p.ReversedAt == null && p.GivenBack < p.Amount),
        PaymentStanding.Suspense => payments.Where(Payment.WaitsInSuspense),
        PaymentStanding.Refunded => payments.Where(p => p.GivenBack > 0 && p.GivenBack >= p.Amount && p.SameAsId == null),
        PaymentStanding.Reversed => payments.Where(p => p.ReversedAt != null),
        PaymentStanding.Same => payments.Where(p => p.SameAsId != null),
        _ => payments.Where(p => p.SameAsId == null),
    };
}

/// <param name="Term">A receipt or a reference, or its beginning of three signs or more; of what waits in suspense also the typed account or the payer's name.</param>
/// <param name="Standing">Null is all but <see cref="PaymentStanding.Same"/>.</param>
/// <param name="From">Booked then or later.</param>
/// <param name="Until">Booked before.</param>
public sealed record ReceivedQuery(
    string? Term = null,
    PaymentStanding? Standing = null,
    Guid? CustomerId = null,
    Guid? AccountId = null,
    Rail? Rail = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null);

/// <summary>What became of money that came.</summary>
public enum PaymentStanding
{
    /// <summary>A customer's.</summary>
    Booked,

    /// <summary>Nobody has said whose it is.</summary>
    Suspense,

    /// <summary>All of it was given back, or is on its way.</summary>
    Refunded,

    /// <summary>Staff wrote it down, and took it back: it did not come after all.</summary>
    Reversed,

    /// <summary>It turned out to be another payment, told twice.</summary>
    Same,
}

/// <param name="RequestId">The prompt that asked for it; null when none did.</param>
/// <param name="PayerNumber">As it was told: in full, masked or hashed.</param>
public sealed record ReceivedPayment(
    Guid Id,
    decimal Amount,
    decimal GivenBack,
    Guid AccountId,
    string Account,
    Rail Rail,
    Guid? CustomerId,
    string? Customer,
    Guid? RequestId,
    string? Receipt,
    string? Reference,
    string? Phone,
    string? TypedAccount,
    string? PayerNumber,
    string? PayerName,
    DateTimeOffset PaidAt,
    DateTimeOffset RecordedAt,
    string? TakenBy,
    string? Note,
    DateTimeOffset? ReversedAt,
    Guid? SameAsId)
{
    public PaymentStanding Standing => this switch
    {
        { SameAsId: not null } => PaymentStanding.Same,
        { ReversedAt: not null } => PaymentStanding.Reversed,
        _ when GivenBack >= Amount => PaymentStanding.Refunded,
        { CustomerId: null } => PaymentStanding.Suspense,
        _ => PaymentStanding.Booked,
    };
}
