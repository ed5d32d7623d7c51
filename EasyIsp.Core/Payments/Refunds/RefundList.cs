using System.Runtime.CompilerServices;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Refunds;

/// <summary>What was given back, is under way, or waits for a second person.</summary>
public sealed class RefundList(IspDatabase database)
{
    private const int MostExported = 100_000;

    public async Task<Page<RefundRow>> ListAsync(RefundQuery query, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var refunds = await NarrowAsync(db, query, cancellationToken);
        return await refunds.OrderByDescending(r => r.AskedAt).ToPageAsync(
            page, rows => Project(db, rows.OrderByDescending(r => r.AskedAt)), cancellationToken);
    }

    /// <summary>The newest first, without counting.</summary>
    public async Task<Slice<RefundRow>> ListAsync(RefundQuery query, SliceOf slice, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var refunds = (await NarrowAsync(db, query, cancellationToken)).Where(r => slice.Before == null || r.Id < slice.Before);
        return await refunds.OrderByDescending(r => r.Id).ToSliceAsync(slice, page => Project(db, page), cancellationToken);
    }

    /// <summary>All that the query finds, in its order.</summary>
    public async IAsyncEnumerable<RefundRow> ExportAsync(RefundQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var refunds = (await NarrowAsync(db, query, cancellationToken)).OrderByDescending(r => r.AskedAt).Take(MostExported);
        await foreach (var row in Project(db, refunds).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return row;
    }

    /// <returns>All refunds of one payment, the newest first.</returns>
    public async Task<IReadOnlyList<RefundRow>> OfPaymentAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Project(db, db.Refunds.Where(r => r.PaymentId == paymentId).OrderByDescending(r => r.AskedAt)).ToListAsync(cancellationToken);
    }

    /// <summary>What of a payment can be given back, and how.</summary>
    /// <returns>Null when the tenant has no such payment.</returns>
    public async Task<RefundChoice?> ChoiceAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == paymentId, cancellationToken) is not { } payment)
            return null;

        var account = await db.PaymentAccounts.AsNoTracking().SingleAsync(a => a.Id == payment.PaymentAccountId, cancellationToken);
        var asked = await db.Refunds.Where(r => r.PaymentId == paymentId && r.State == RefundState.Asked && r.Way != RefundWay.Wallet).SumAsync(r => r.Amount, cancellationToken);
        var hasInitiator = await db.Initiators.AnyAsync(i => i.PaymentAccountId == account.Id, cancellationToken);
        var bought = await (
            from purchase in RefundDesk.PurchaseOf(db, payment)
            join package in db.Packages on purchase.PackageId equals package.Id
            select new { package.Name, purchase.Price }).FirstOrDefaultAsync(cancellationToken);
        var wallet = payment.CustomerId is { } customerId ? await Ledger.GeneralLedger.WalletAsync(db, customerId, cancellationToken) : (decimal?)null;
        return new RefundChoice(
            payment, account.Rail, payment.Amount - payment.GivenBack - asked, wallet, bought?.Name, bought?.Price, hasInitiator) { IsAtBank = account.Kind == ShortCodeKind.BankPaybill };
    }

    private static async Task<IQueryable<Refund>> NarrowAsync(IspDbContext db, RefundQuery query, CancellationToken cancellationToken)
    {
        var refunds = query.State is { } state ? db.Refunds.Where(r => r.State == state) : db.Refunds;
        if (string.IsNullOrWhiteSpace(query.Term))
            return refunds;

        Guid[] payments = Receipts.Beginning(db, query.Term) is { } beginning
            ? await beginning.Select(p => p.Id).Take(CustomerSearch.MaxHits).ToArrayAsync(cancellationToken)
            : [];
        var customers = await CustomerSearch.HitsAsync(db, query.Term, cancellationToken) ?? [];
        return refunds.Where(r => payments.Contains(r.PaymentId) || customers.Contains(r.CustomerId!.Value));
    }

    private static IQueryable<RefundRow> Project(IspDbContext db, IQueryable<Refund> refunds)
        => from refund in refunds
           join payment in db.Payments on refund.PaymentId equals payment.Id
           join customer in db.Customers on refund.CustomerId equals (Guid?)customer.Id into customers
           from customer in customers.DefaultIfEmpty()
           select new RefundRow(
               refund.Id, refund.PaymentId, payment.PaymentRequestId, refund.AskedAt, refund.Amount, refund.Way, refund.State, refund.Reason,
               refund.AskedBy, refund.AskedById, refund.DecidedBy, refund.DecisionNote, refund.SettledAt, refund.Result, refund.Receipt,
               refund.CustomerId, customer == null ? null : customer.Name, customer == null ? null : customer.Number,
               payment.Receipt ?? payment.Reference,
               db.ProviderOrders.Any(o => o.CauseId == refund.Id && o.State == ProviderOrderState.Unknown && o.NextLookAt == null));
}

/// <param name="Term">A receipt's beginning, a customer's name, phone or number.</param>
public sealed record RefundQuery(string? Term = null, RefundState? State = null);

/// <param name="IsLost">What became of it the provider never told: a person must say.</param>
public sealed record RefundRow(
    Guid Id,
    Guid PaymentId,
    Guid? PaymentRequestId,
    DateTimeOffset AskedAt,
    decimal Amount,
    RefundWay Way,
    RefundState State,
    string Reason,
    string AskedBy,
    Guid? AskedById,
    string? DecidedBy,
    string? DecisionNote,
    DateTimeOffset? SettledAt,
    string? Result,
    string? Receipt,
    Guid? CustomerId,
    string? Customer,
    long? CustomerNumber,
    string? PaymentNumber,
    bool IsLost);

/// <param name="Left">What has not been given back or asked for.</param>
/// <param name="Wallet">What the customer's wallet holds; null in suspense.</param>
/// <param name="Bought">The package that it bought and that can be taken back; null where there is none.</param>
public sealed record RefundChoice(Payment Payment, Rail Rail, decimal Left, decimal? Wallet, string? Bought, decimal? Price, bool HasInitiator)
{
    /// <summary>It went to an account at a bank: M-Pesa has nothing to give back.</summary>
    public bool IsAtBank { get; init; }

    /// <summary>The ways that are open.</summary>
    public IEnumerable<RefundWay> Ways
    {
        get
        {
            if (Rail == Rail.Mpesa && HasInitiator && Payment.Receipt is not null)
                yield return RefundWay.Reversal;
            if (Rail == Rail.Mpesa && HasInitiator)
                yield return RefundWay.Payout;
            if (Rail == Rail.Cash && Payment.CustomerId is not null)
                yield return RefundWay.Cash;
            if (Bought is not null)
                yield return RefundWay.Wallet;
        }
    }

    /// <param name="limit">The tenant's.</param>
    public bool NeedsAnother(decimal amount, RefundWay way, decimal? limit)
        => RefundRules.NeedsAnother(amount, way, Payment.Amount - Left, limit);

    /// <summary>What the form can know of; the use case asks again.</summary>
    public IReadOnlyList<RefundFault> FaultsIn(RefundDraft draft, int currencyDigits)
        => [.. RefundRules.FaultsIn(draft, Payment, Rail, Left, currencyDigits)];
}
