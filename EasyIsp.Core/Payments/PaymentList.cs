using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Every attempt to be paid, with what came of it.</summary>
public sealed class PaymentList(IspDatabase database)
{
    public async Task<Page<PaymentRow>> ListAsync(PaymentQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var hits = await HitsAsync(db, query.Term, cancellationToken);
        return await Sort(Narrow(db.PaymentRequests, query, hits), query)
            .ToPageAsync(query.Page, page => Project(db, page), cancellationToken);
    }

    /// <summary>Messages of providers that a person should look at, newest first.</summary>
    public async Task<Page<FlaggedMessage>> FlaggedAsync(PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Flagged(db)
            .OrderByDescending(m => m.ReceivedAt)
            .Select(m => new FlaggedMessage(m.Id, m.PaymentRequestId, m.ReceivedAt, m.Outcome!.Value, m.Note, m.Receipt))
            .ToPageAsync(page, cancellationToken);
    }

    private static IQueryable<ProviderMessage> Flagged(IspDbContext db)
        => db.ProviderMessages.Where(m => m.PutAwayAt == null).Where(m => m.Outcome == ProviderMessageOutcome.Malformed
            || m.Outcome == ProviderMessageOutcome.UnknownRequest
            || m.Outcome == ProviderMessageOutcome.AmountMismatch
            || m.Outcome == ProviderMessageOutcome.Contradicts
            || m.Outcome == ProviderMessageOutcome.ReceiptTaken);

    /// <summary>A receipt by its beginning, and a customer by anything that names him: looked up before the list, on their indexes.</summary>
    /// <returns>Null when nothing is searched for.</returns>
    internal static async Task<PaymentHits?> HitsAsync(IspDbContext db, string? typed, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;

        var requests = Receipts.Beginning(db, typed) is { } payments
            ? await payments.Where(p => p.PaymentRequestId != null).Select(p => p.PaymentRequestId!.Value)
                .Take(CustomerSearch.MaxHits).ToArrayAsync(cancellationToken)
            : [];
        return new PaymentHits(requests, await CustomerSearch.HitsAsync(db, typed, cancellationToken) ?? []);
    }

    internal static IQueryable<PaymentRequest> Narrow(IQueryable<PaymentRequest> requests, PaymentQuery query, PaymentHits? hits)
    {
        if (hits is { Requests: var found, Customers: var customers })
            requests = requests.Where(r => found.Contains(r.Id) || customers.Contains(r.CustomerId));
        if (query.CustomerId is { } customerId)
            requests = requests.Where(r => r.CustomerId == customerId);
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
            _ => requests,
        };
    }

    internal static IQueryable<PaymentRequest> Sort(IQueryable<PaymentRequest> requests, PaymentQuery query) => (query.Sort, query.Descending) switch
    {
        (PaymentSort.Amount, true) => requests.OrderByDescending(r => r.Amount).ThenByDescending(r => r.CreatedAt),
        (PaymentSort.Amount, false) => requests.OrderBy(r => r.Amount).ThenBy(r => r.CreatedAt),
        (_, false) => requests.OrderBy(r => r.CreatedAt),
        _ => requests.OrderByDescending(r => r.CreatedAt),
    };

    internal static IQueryable<PaymentRow> Project(IspDbContext db, IQueryable<PaymentRequest> requests)
        => from request in requests
           join customer in db.Customers on request.CustomerId equals customer.Id
           join package in db.Packages on request.PackageId equals package.Id into packages
           from package in packages.DefaultIfEmpty()
           join payment in db.Payments on request.Id equals payment.PaymentRequestId into payments
           from payment in payments.DefaultIfEmpty()
           select new PaymentRow(
               request.Id, request.CreatedAt, customer.Id, customer.Name, customer.Number, request.Phone,
               package.Name, request.Amount, request.State, payment.Receipt, request.ResultCode);
}

/// <param name="Term">A receipt's beginning, or a customer's name, phone, number or device.</param>
public sealed record PaymentQuery(
    PageOf Page,
    string? Term = null,
    PaymentFilter State = PaymentFilter.All,
    Guid? CustomerId = null,
    PaymentSort Sort = PaymentSort.When,
    bool Descending = true);

/// <summary>What a search found: requests by their receipt, and customers.</summary>
internal sealed record PaymentHits(Guid[] Requests, Guid[] Customers);

public enum PaymentFilter
{
    All,
    Paid,
    Waiting,
    NotPaid,
}

public enum PaymentSort
{
    When,
    Amount,
}

/// <param name="Receipt">Null until the provider told it.</param>
public sealed record PaymentRow(
    Guid Id,
    DateTimeOffset CreatedAt,
    Guid CustomerId,
    string Customer,
    long CustomerNumber,
    string Phone,
    string? Package,
    decimal Amount,
    PaymentRequestState State,
    string? Receipt,
    string? ResultCode);

/// <param name="Receipt">The money that it names; null when it names none.</param>
public sealed record FlaggedMessage(
    Guid Id, Guid? PaymentRequestId, DateTimeOffset ReceivedAt, ProviderMessageOutcome Outcome, string? Note, string? Receipt);
