using System.Runtime.CompilerServices;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>What customers paid by themselves: what of it waits for a person, and what was placed.</summary>
public sealed class SuspenseList(IspDatabase database)
{
    private const int MostExported = 100_000;

    public async Task<Page<DepositRow>> ListAsync(DepositQuery query, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Sort(await NarrowAsync(db, query, cancellationToken), query)
            .ToPageAsync(page, rows => Project(db, Sort(rows, query)), cancellationToken);
    }

    /// <summary>All that the query finds, in its order.</summary>
    public async IAsyncEnumerable<DepositRow> ExportAsync(DepositQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var rows = Sort((await NarrowAsync(db, query, cancellationToken)).Take(MostExported), query);
        await foreach (var row in Project(db, rows).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return row;
    }

    internal static async Task<IQueryable<Payment>> NarrowAsync(IspDbContext db, DepositQuery query, CancellationToken cancellationToken)
    {
        var deposits = query.State switch
        {
            DepositFilter.Waiting => db.Payments.Where(p => p.CustomerId == null && p.SameAsId == null),
            DepositFilter.Placed => db.Payments.Where(p => p.PaymentRequestId == null && p.CustomerId != null),
            _ => db.Payments.Where(p => p.PaymentRequestId == null && p.SameAsId == null),
        };
        if (string.IsNullOrWhiteSpace(query.Term))
            return deposits;

        Guid[] receipts = Receipts.Beginning(db, query.Term) is { } beginning
            ? await beginning.Where(p => p.PaymentRequestId == null).Select(p => p.Id).Take(CustomerSearch.MaxHits).ToArrayAsync(cancellationToken)
            : [];
        Guid[] found = [.. receipts, .. await Naming(db.Payments, query.Term).Select(p => p.Id).Take(CustomerSearch.MaxHits).ToListAsync(cancellationToken)];
        var customers = await CustomerSearch.HitsAsync(db, query.Term, cancellationToken) ?? [];
        return deposits.Where(p => found.Contains(p.Id) || customers.Contains(p.CustomerId!.Value));
    }

    /// <summary>What waits and was typed or sent so. It is little: its words are looked through row by row.</summary>
    internal static IQueryable<Payment> Naming(IQueryable<Payment> payments, string term)
    {
        var words = $"%{Like.Escape(term.Trim())}%";
        return payments.Where(p => p.CustomerId == null && p.SameAsId == null)
            .Where(p => EF.Functions.ILike(p.TypedAccount!, words, Like.EscapeCharacter)
                || EF.Functions.ILike(p.PayerName!, words, Like.EscapeCharacter));
    }

    internal static IQueryable<Payment> Sort(IQueryable<Payment> deposits, DepositQuery query) => (query.Sort, query.Descending) switch
    {
        (DepositSort.Amount, true) => deposits.OrderByDescending(p => p.Amount).ThenByDescending(p => p.PaidAt),
        (DepositSort.Amount, false) => deposits.OrderBy(p => p.Amount).ThenBy(p => p.PaidAt),
        (_, true) => deposits.OrderByDescending(p => p.PaidAt).ThenByDescending(p => p.Id),
        _ => deposits.OrderBy(p => p.PaidAt).ThenBy(p => p.Id),
    };

    internal static IQueryable<DepositRow> Project(IspDbContext db, IQueryable<Payment> deposits)
        => from payment in deposits
           join customer in db.Customers on payment.CustomerId equals (Guid?)customer.Id into known
           from customer in known.DefaultIfEmpty()
           select new DepositRow(
               payment.Id, payment.PaidAt, payment.Amount, payment.Receipt, payment.TypedAccount, payment.PayerName, payment.PayerNumber,
               payment.CustomerId, customer == null ? null : customer.Name, customer == null ? null : customer.Number);
}

/// <param name="Term">A receipt's beginning; of what waits also the typed account or the payer's name, of what is placed the customer.</param>
public sealed record DepositQuery(
    string? Term = null, DepositFilter State = DepositFilter.Waiting, DepositSort Sort = DepositSort.When, bool Descending = false);

public enum DepositFilter
{
    /// <summary>In suspense.</summary>
    Waiting,
    Placed,
    All,
}

public enum DepositSort
{
    When,
    Amount,
}

/// <param name="PayerNumber">As it was told: in full, masked or hashed.</param>
/// <param name="CustomerId">Null while it waits.</param>
public sealed record DepositRow(
    Guid Id,
    DateTimeOffset PaidAt,
    decimal Amount,
    string? Receipt,
    string? TypedAccount,
    string? PayerName,
    string? PayerNumber,
    Guid? CustomerId,
    string? Customer,
    long? CustomerNumber);
