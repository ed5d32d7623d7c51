using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Whose a payment in suspense may be. Offered to a person, never taken by itself.</summary>
internal static class Suggestions
{
    private const int Most = 8;

    /// <summary>Before and after the payment: how far a request for the same amount may lie away.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromHours(24);

    /// <summary>Participant: the likeliest first.</summary>
    public static async Task<IReadOnlyList<Suggestion>> ForAsync(IspDbContext db, Payment payment, CancellationToken cancellationToken)
    {
        List<Suggestion> all =
        [
            .. await OfRequestsAsync(db, payment, cancellationToken),
            .. await OfNumbersAsync(db, payment, cancellationToken),
            .. await OfPhonesAsync(db, payment, cancellationToken),
        ];
        return [.. all.DistinctBy(s => (s.CustomerId, s.RequestId)).Take(Most)];
    }

    /// <summary>Requests for the same amount that have no receipt, and whose phone does not speak against it.</summary>
    private static async Task<IEnumerable<Suggestion>> OfRequestsAsync(IspDbContext db, Payment payment, CancellationToken cancellationToken)
    {
        var (since, until) = (payment.PaidAt - Around, payment.PaidAt + TimeSpan.FromMinutes(5));
        var found = await (
            from request in db.PaymentRequests
            join customer in db.Customers on request.CustomerId equals customer.Id
            join account in db.PaymentAccounts on request.PaymentAccountId equals account.Id
            where account.Kind != ShortCodeKind.BankPaybill // the bank received what it asked for
                && request.Amount == payment.Amount && request.CreatedAt >= since && request.CreatedAt <= until
                && !db.Payments.Any(p => p.PaymentRequestId == request.Id && p.Receipt != null)
            orderby request.CreatedAt descending
            select new { request.Id, request.Phone, request.CreatedAt, CustomerId = customer.Id, customer.Name, customer.Number })
            .Take(50).ToListAsync(cancellationToken);
        return found.Where(r => PayerNumber.CouldBe(payment.PayerNumber, r.Phone))
            .Select(r => new Suggestion(SuggestionReason.SameAmountAsked, r.CustomerId, r.Name, r.Number, r.Id, r.CreatedAt));
    }

    private static Task<List<Suggestion>> OfNumbersAsync(IspDbContext db, Payment payment, CancellationToken cancellationToken)
    {
        var numbers = AccountNumber.Near(payment.TypedAccount);
        var username = (payment.TypedAccount ?? "").Trim().ToLowerInvariant();
        return db.Customers
            .Where(c => c.DeletedAt == null && (numbers.Contains(c.Number) || c.Username == username))
            .OrderBy(c => c.Number)
            .Select(c => new Suggestion(SuggestionReason.NearAccount, c.Id, c.Name, c.Number, null, null))
            .Take(Most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The payer's phone where it was told in full, or a phone that was typed as account.</summary>
    private static async Task<List<Suggestion>> OfPhonesAsync(IspDbContext db, Payment payment, CancellationToken cancellationToken)
    {
        var country = await db.Tenants.Where(t => t.Id == db.CurrentTenantId).Select(t => t.Country).SingleAsync(cancellationToken);
        string?[] told = [payment.Phone, PhoneNumber.Normalize(payment.TypedAccount, country)];
        var phones = told.OfType<string>().ToArray();
        return phones.Length == 0
            ? []
            : await db.Customers
                .Where(c => c.DeletedAt == null && phones.Contains(c.Phone))
                .OrderByDescending(c => c.Id)
                .Select(c => new Suggestion(SuggestionReason.Phone, c.Id, c.Name, c.Number, null, null))
                .Take(Most)
                .ToListAsync(cancellationToken);
    }
}

/// <param name="RequestId">For an amount that was asked: the request that it would settle.</param>
public sealed record Suggestion(
    SuggestionReason Reason, Guid CustomerId, string Customer, long CustomerNumber, Guid? RequestId, DateTimeOffset? AskedAt);

public enum SuggestionReason
{
    /// <summary>A request for this amount has no receipt.</summary>
    SameAmountAsked,

    /// <summary>The typed account is one slip away from his number, contains it, or is his user name.</summary>
    NearAccount,

    /// <summary>It is his phone.</summary>
    Phone,
}
