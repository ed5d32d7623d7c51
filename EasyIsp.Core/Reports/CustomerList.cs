using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>The customers of a tenant, a page at a time; searched, filtered, sorted and cut by the database.</summary>
public sealed class CustomerList(IspDatabase database, TimeProvider clock)
{
    public async Task<Page<CustomerRow>> ListAsync(CustomerQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var hits = await CustomerSearch.HitsAsync(db, query.Term, cancellationToken);
        var customers = Filter(db, query, hits, now);
        var total = await customers.CountAsync(cancellationToken);
        if (total == 0)
            return new Page<CustomerRow>([], 0);

        var facts = await Select(db, Sort(db, customers, query).Skip(query.Page.Skip).Take(query.Page.Take), now)
            .ToListAsync(cancellationToken);
        return new Page<CustomerRow>([.. facts.Select(row => row.ToRow(now))], total);
    }

    /// <summary>The newest customers first; the query's page and order are not looked at.</summary>
    public async Task<Slice<CustomerRow>> ListAsync(CustomerQuery query, SliceOf slice, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var customers = Filter(db, query, await CustomerSearch.HitsAsync(db, query.Term, cancellationToken), now);
        if (slice.Before is { } before)
            customers = customers.Where(c => c.Id < before);
        var facts = await customers.OrderByDescending(c => c.Id).ToSliceAsync(slice, page => Select(db, page, now), cancellationToken);
        return new Slice<CustomerRow>([.. facts.Rows.Select(row => row.ToRow(now))], facts.HasMore);
    }

    internal static IQueryable<Customer> Filter(IspDbContext db, CustomerQuery query, Guid[]? hits, DateTimeOffset now)
    {
        // Whoever is not deleted has a user name (ck_customers_deleted_has_no_way_in), and that is indexed.
        var customers = db.Customers.Where(c => c.Username != null);
        if (hits is not null)
            customers = customers.Where(c => hits.Contains(c.Id));
        if (query.AccessType is { } accessType)
            customers = customers.Where(c => c.AccessType == accessType);
        if (query.State is { } state)
            customers = customers.Where(CustomerStates.Are(state, db, now));
        if (query.OnlineOnly)
            customers = customers.Where(c => db.OpenSessions.Any(o => o.CustomerId == c.Id));
        return customers;
    }

    internal static IQueryable<Customer> Sort(IspDbContext db, IQueryable<Customer> customers, CustomerQuery query)
        => (query.Sort, query.Descending) switch
        {
            (CustomerSort.Name, false) => customers.OrderBy(c => c.Name).ThenBy(c => c.Id),
            (CustomerSort.Name, true) => customers.OrderByDescending(c => c.Name).ThenByDescending(c => c.Id),
            (CustomerSort.Number, false) => customers.OrderBy(c => c.Number),
            (CustomerSort.Number, true) => customers.OrderByDescending(c => c.Number),
            (CustomerSort.Ends, false) => customers.OrderBy(c => db.Subscriptions.Where(s => s.CustomerId == c.Id).Max(s => (DateTimeOffset?)s.EndsAt)).ThenBy(c => c.Id),
            // Who never bought anything has no end, and comes last either way.
            (CustomerSort.Ends, true) => customers.OrderByDescending(c => db.Subscriptions.Where(s => s.CustomerId == c.Id).Max(s => (DateTimeOffset?)s.EndsAt) ?? DateTimeOffset.MinValue).ThenByDescending(c => c.Id),
            (CustomerSort.Created, false) => customers.OrderBy(c => c.Id),
            _ => customers.OrderByDescending(c => c.Id),
        };

    /// <summary>One value, one subquery: each runs for the rows of the page alone, on an index.</summary>
    internal static IQueryable<CustomerRowFacts> Select(IspDbContext db, IQueryable<Customer> page, DateTimeOffset now)
        => page.Select(c => new CustomerRowFacts(
            c.Id,
            c.Number,
            c.Name,
            c.Phone,
            c.Username!,
            c.AccessType,
            c.CreatedAt,
            c.SuspendedAt,
            db.Subscriptions.Where(s => s.CustomerId == c.Id && s.StartsAt <= now).OrderByDescending(s => s.EndsAt)
                .Select(s => db.Packages.Where(p => p.Id == s.PackageId).Select(p => p.Name).FirstOrDefault()).FirstOrDefault(),
            db.Subscriptions.Where(s => s.CustomerId == c.Id).OrderByDescending(s => s.EndsAt).Select(s => (DateTimeOffset?)s.StartsAt).FirstOrDefault(),
            db.Subscriptions.Where(s => s.CustomerId == c.Id).OrderByDescending(s => s.EndsAt).Select(s => (DateTimeOffset?)s.EndsAt).FirstOrDefault(),
            db.OpenSessions.Any(o => o.CustomerId == c.Id),
            -(from account in db.LedgerAccounts
              join line in db.JournalLines on account.Id equals line.AccountId
              where account.Kind == LedgerAccountKind.Wallet && account.SubjectId == c.Id
              select line.Amount).Sum()));
}

/// <param name="Term">Name, number, phone in any spelling, user name, device or e-mail, of <see cref="MinTermLength"/> letters or more; else all are listed.</param>
/// <param name="State">Null lists all states; deleted customers are never listed.</param>
public sealed record CustomerQuery(
    string? Term = null,
    CustomerState? State = null,
    AccessType? AccessType = null,
    bool OnlineOnly = false,
    CustomerSort Sort = CustomerSort.Created,
    bool Descending = true,
    PageOf Page = default)
{
    public const int MinTermLength = CustomerSearch.MinLength;
}

public enum CustomerSort
{
    Created,
    Name,
    Number,
    Ends,
}

/// <param name="EndsAt">When access ends or ended; null when there never was any.</param>
public sealed record CustomerRow(
    Guid Id,
    long Number,
    string Name,
    string? Phone,
    string Username,
    AccessType AccessType,
    DateTimeOffset CreatedAt,
    CustomerState State,
    string? Package,
    DateTimeOffset? EndsAt,
    bool IsOnline,
    decimal Wallet);

internal sealed record CustomerRowFacts(
    Guid Id,
    long Number,
    string Name,
    string? Phone,
    string Username,
    AccessType AccessType,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SuspendedAt,
    string? Package,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    bool IsOnline,
    decimal Wallet)
{
    public CustomerRow ToRow(DateTimeOffset now) => new(
        Id,
        Number,
        Name,
        Phone,
        Username,
        AccessType,
        CreatedAt,
        CustomerStates.Of(false, SuspendedAt is not null, StartsAt, EndsAt, now),
        Package,
        EndsAt,
        IsOnline,
        Wallet);
}
