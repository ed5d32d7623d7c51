using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Every attempt to be paid with what came of it, and all money that came without one.</summary>
public sealed class PaymentList(IspDatabase database)
{
    public async Task<Page<PaymentRow>> ListAsync(PaymentQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var hits = await HitsAsync(db, query.Term, cancellationToken);
        var total = await Requests(db, query, hits).CountAsync(cancellationToken) + await Deposits(db, query, hits).CountAsync(cancellationToken);
        var rows = total == 0 ? [] : await Rows(db, query, hits).ToListAsync(cancellationToken);
        return new Page<PaymentRow>(rows, total);
    }

    /// <summary>Receipts by their beginning, and whoever the words name: looked up before the list, on their indexes.</summary>
    /// <returns>Null when nothing is searched for.</returns>
    internal static async Task<PaymentHits?> HitsAsync(IspDbContext db, string? typed, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;

        var receipts = Receipts.Beginning(db, typed) is { } beginning
            ? await beginning.Select(p => new { p.Id, p.PaymentRequestId }).Take(CustomerSearch.MaxHits).ToListAsync(cancellationToken)
            : [];
        var taken = Receipts.BeginningOfReference(db, typed) is { } written
            ? await written.Select(p => p.Id).Take(CustomerSearch.MaxHits).ToListAsync(cancellationToken)
            : [];
        var waiting = await SuspenseList.Naming(db.Payments, typed).Select(p => p.Id).Take(CustomerSearch.MaxHits).ToListAsync(cancellationToken);
        return new PaymentHits(
            [.. receipts.Where(p => p.PaymentRequestId is not null).Select(p => p.PaymentRequestId!.Value)],
            [.. receipts.Where(p => p.PaymentRequestId is null).Select(p => p.Id), .. taken, .. waiting],
            await CustomerSearch.HitsAsync(db, typed, cancellationToken) ?? []);
    }

    /// <summary>
    /// One page out of both tables: each gives, by its own index, as many keys as could be on it; what a row shows besides
    /// is read for the rows of the page alone.
    /// </summary>
    internal static IQueryable<PaymentRow> Rows(IspDbContext db, PaymentQuery query, PaymentHits? hits)
    {
        var reach = query.Page.Skip + query.Page.Take;
        var requests = Requests(db, query, hits)
            .Select(r => new PaymentKey { Id = r.Id, IsPrompt = true, At = r.CreatedAt, Amount = r.Amount, CustomerId = r.CustomerId, AccountId = r.PaymentAccountId });
        var deposits = Deposits(db, query, hits)
            .Select(p => new PaymentKey { Id = p.Id, IsPrompt = false, At = p.PaidAt, Amount = p.Amount, CustomerId = p.CustomerId, AccountId = p.PaymentAccountId });
        var both = Sort(requests, query).Take(reach).Concat(Sort(deposits, query).Take(reach));
        return Project(db, Sort(both, query).Skip(query.Page.Skip).Take(query.Page.Take));
    }

    internal static IQueryable<PaymentRequest> Requests(IspDbContext db, PaymentQuery query, PaymentHits? hits)
    {
        IQueryable<PaymentRequest> requests = db.PaymentRequests;
        if (query.Way is PaymentWay.ByThemselves or PaymentWay.Staff)
            requests = requests.Where(r => false);
        if (hits is { Requests: var found, Customers: var customers })
            requests = requests.Where(r => found.Contains(r.Id) || customers.Contains(r.CustomerId));
        return query.State switch
        {
            PaymentFilter.Paid => requests.Where(r => r.State == PaymentRequestState.Paid),
            PaymentFilter.Waiting => requests.Where(r => r.State == PaymentRequestState.Created
                || r.State == PaymentRequestState.Submitting
                || r.State == PaymentRequestState.SubmittedUnknown
                || r.State == PaymentRequestState.Pending),
            PaymentFilter.NotPaid => requests.Where(r => r.State == PaymentRequestState.Failed
                || r.State == PaymentRequestState.Rejected
                || r.State == PaymentRequestState.Expired),
            PaymentFilter.Unmatched or PaymentFilter.Reversed => requests.Where(r => false),
            _ => requests,
        };
    }

    internal static IQueryable<Payment> Deposits(IspDbContext db, PaymentQuery query, PaymentHits? hits)
    {
        var deposits = db.Payments.Where(p => p.PaymentRequestId == null && p.SameAsId == null);
        deposits = query.Way switch
        {
            PaymentWay.Prompt => deposits.Where(p => false),
            PaymentWay.ByThemselves => deposits.Where(p => p.Reference == null),
            PaymentWay.Staff => deposits.Where(p => p.Reference != null),
            _ => deposits,
        };
        if (hits is { Deposits: var found, Customers: var customers })
            deposits = deposits.Where(p => found.Contains(p.Id) || customers.Contains(p.CustomerId!.Value));
        return query.State switch
        {
            PaymentFilter.Paid => deposits.Where(p => p.CustomerId != null && p.ReversedAt == null),
            PaymentFilter.Reversed => deposits.Where(p => p.ReversedAt != null),
            PaymentFilter.Unmatched => deposits.Where(Payment.WaitsInSuspense),
            PaymentFilter.Waiting or PaymentFilter.NotPaid => deposits.Where(p => false),
            _ => deposits,
        };
    }

    private static IQueryable<PaymentKey> Sort(IQueryable<PaymentKey> keys, PaymentQuery query) => (query.Sort, query.Descending) switch
    {
        (PaymentSort.Amount, true) => keys.OrderByDescending(k => k.Amount).ThenByDescending(k => k.At),
        (PaymentSort.Amount, false) => keys.OrderBy(k => k.Amount).ThenBy(k => k.At),
        (_, false) => keys.OrderBy(k => k.At),
        _ => keys.OrderByDescending(k => k.At),
    };

    private static IQueryable<PaymentRow> Project(IspDbContext db, IQueryable<PaymentKey> keys)
        => from key in keys
           join account in db.PaymentAccounts on key.AccountId equals account.Id into accounts
           from account in accounts.DefaultIfEmpty()
           join request in db.PaymentRequests on key.Id equals request.Id into requests
           from request in requests.DefaultIfEmpty()
           join settled in db.Payments on (Guid?)key.Id equals settled.PaymentRequestId into settlements
           from settled in settlements.DefaultIfEmpty()
           join deposit in db.Payments on key.Id equals deposit.Id into deposits
           from deposit in deposits.DefaultIfEmpty()
           join customer in db.Customers on key.CustomerId equals (Guid?)customer.Id into customers
           from customer in customers.DefaultIfEmpty()
           join package in db.Packages on request.PackageId equals (Guid?)package.Id into packages
           from package in packages.DefaultIfEmpty()
           select new PaymentRow(
               key.Id, key.IsPrompt, key.At,
               key.CustomerId, customer == null ? null : customer.Name, customer == null ? null : customer.Number,
               request == null ? deposit.Phone : request.Phone, deposit == null ? null : deposit.TypedAccount, deposit == null ? null : deposit.PayerName,
               package == null ? null : package.Name, key.Amount, request == null ? null : request.State,
               settled != null ? settled.Receipt : deposit == null ? null : deposit.Receipt ?? deposit.Reference,
               request == null ? null : request.ResultCode, account == null ? Rail.Mpesa : account.Rail, deposit == null ? null : deposit.ReversedAt,
               settled != null ? settled.GivenBack : deposit == null ? 0 : deposit.GivenBack);

    private sealed class PaymentKey
    {
        public Guid Id { get; init; }
        public bool IsPrompt { get; init; }
        public DateTimeOffset At { get; init; }
        public decimal Amount { get; init; }
        public Guid? CustomerId { get; init; }
        public Guid AccountId { get; init; }
    }
}

/// <param name="Term">A receipt's beginning, a customer's name, phone, number or device; of what waits in suspense also the typed account or the payer's name.</param>
public sealed record PaymentQuery(
    PageOf Page,
    string? Term = null,
    PaymentFilter State = PaymentFilter.All,
    PaymentWay Way = PaymentWay.Any,
    PaymentSort Sort = PaymentSort.When,
    bool Descending = true);

/// <summary>What a search found: requests and deposits by what they name, and customers.</summary>
internal sealed record PaymentHits(Guid[] Requests, Guid[] Deposits, Guid[] Customers);

public enum PaymentFilter
{
    All,
    Paid,

    /// <summary>The payer may still answer.</summary>
    Waiting,
    NotPaid,

    /// <summary>In suspense.</summary>
    Unmatched,

    /// <summary>Written down by staff, and taken back.</summary>
    Reversed,
}

/// <summary>How money was to come.</summary>
public enum PaymentWay
{
    Any,
    Prompt,
    ByThemselves,

    /// <summary>Cash, cheques and bank deposits that staff wrote down.</summary>
    Staff,
}

public enum PaymentSort
{
    When,
    Amount,
}

/// <param name="Id">Of the request, or of the payment that nobody was asked for.</param>
/// <param name="At">When the payer was asked, or paid by himself.</param>
/// <param name="CustomerId">Null while the money waits in suspense.</param>
/// <param name="State">Of the request; null for money that nobody was asked for.</param>
/// <param name="Receipt">The provider's, or the reference that staff wrote down; null until the provider told it.</param>
public sealed record PaymentRow(
    Guid Id,
    bool IsPrompt,
    DateTimeOffset At,
    Guid? CustomerId,
    string? Customer,
    long? CustomerNumber,
    string? Phone,
    string? TypedAccount,
    string? PayerName,
    string? Package,
    decimal Amount,
    PaymentRequestState? State,
    string? Receipt,
    string? ResultCode,
    Rail Rail,
    DateTimeOffset? ReversedAt,
    decimal GivenBack);
