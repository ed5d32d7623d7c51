using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Vouchers;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>The search field on top of the console: one word, and whatever it names.</summary>
public sealed class QuickSearch(IspDatabase database, SessionLists sessions, VoucherLists vouchers)
{
    private const int MostCustomers = 8;
    private const int MostOfAKind = 3;
    private const int LongestTerm = 60;

    /// <summary>
    /// Customers by name, number, phone in any spelling, user name or device; payments by the beginning of the receipt;
    /// sessions by device or IP address; routers by name or address; vouchers by serial or whole code.
    /// </summary>
    /// <param name="among">What the asker may see.</param>
    public async Task<IReadOnlyList<Found>> FindAsync(string term, Findable among, CancellationToken cancellationToken)
    {
        term = term.Trim();
        if (term.Length is 0 or > LongestTerm)
            return [];

        var found = new List<Found>();
        await using (var db = await database.OpenAsync(cancellationToken))
        {
            if (among.HasFlag(Findable.Customers))
                found.AddRange(await CustomersAsync(db, term, cancellationToken));
            if (among.HasFlag(Findable.Payments))
                found.AddRange(await PaymentsAsync(db, term, cancellationToken));
            if (among.HasFlag(Findable.Routers))
                found.AddRange(await RoutersAsync(db, term, cancellationToken));
        }

        if (among.HasFlag(Findable.Sessions) && IsAddress(term))
            found.AddRange((await sessions.LiveAsync(new SessionQuery(Few, term), cancellationToken)).Rows.Select(row => new Found.Session(row)));
        if (among.HasFlag(Findable.Vouchers))
            found.AddRange((await vouchers.VouchersAsync(new VoucherQuery(Few, Search: term), cancellationToken)).Rows.Select(row => new Found.Voucher(row)));
        return found;
    }

    private static PageOf Few => new(0, MostOfAKind);

    private static async Task<List<Found.Customer>> CustomersAsync(IspDbContext db, string term, CancellationToken cancellationToken)
    {
        var hits = await CustomerSearch.HitsAsync(db, term, cancellationToken) ?? [];
        return await db.Customers.Where(c => hits.Contains(c.Id))
            .OrderBy(c => c.Name).ThenBy(c => c.Number)
            .Select(c => new Found.Customer(c.Id, c.Name, c.Number, c.Phone))
            .Take(MostCustomers).ToListAsync(cancellationToken);
    }

    private static async Task<List<Found.Payment>> PaymentsAsync(IspDbContext db, string term, CancellationToken cancellationToken)
    {
        List<Found.Payment> found = [];
        foreach (var payments in new[] { Receipts.Beginning(db, term), Receipts.BeginningOfReference(db, term) }.OfType<IQueryable<Payment>>())
            found.AddRange(await NamedAsync(db, payments.Take(MostOfAKind), cancellationToken));
        return found;
    }

    private static Task<List<Found.Payment>> NamedAsync(IspDbContext db, IQueryable<Payment> payments, CancellationToken cancellationToken) => (
        from payment in payments
        join known in db.Customers on payment.CustomerId equals known.Id into customers
        from customer in customers.DefaultIfEmpty()
        select new Found.Payment(
            payment.Id, payment.PaymentRequestId, (payment.Receipt ?? payment.Reference)!, payment.Amount, customer.Name ?? payment.PayerName))
        .ToListAsync(cancellationToken);

    /// <summary>A tenant has few routers: they are looked through one by one.</summary>
    private static Task<List<Found.Router>> RoutersAsync(IspDbContext db, string term, CancellationToken cancellationToken)
    {
        var address = IPAddress.TryParse(term, out var parsed) ? parsed : IPAddress.None;
        var name = $"%{Like.Escape(term)}%";
        return db.Routers
            .Where(r => r.ArchivedAt == null && (EF.Functions.ILike(r.Name, name, Like.EscapeCharacter) || r.Address.Equals(address)))
            .OrderBy(r => r.Name)
            .Select(r => new Found.Router(r.Id, r.Name, r.Address))
            .Take(MostOfAKind).ToListAsync(cancellationToken);
    }

    /// <summary>A number alone is an IP address to .NET (10 is 0.0.0.10), and a serial or an account number to people.</summary>
    private static bool IsAddress(string term)
        => MacAddress.FromSearch(term) is not null || (term.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(term, out _));
}

/// <summary>Kinds of things that the search looks among.</summary>
[Flags]
public enum Findable
{
    None = 0,
    Customers = 1,
    Payments = 2,
    Routers = 4,
    Sessions = 8,
    Vouchers = 16,
}

/// <summary>One thing that the search found.</summary>
public abstract record Found
{
    private Found() { }

    /// <param name="Phone">E.164.</param>
    public sealed record Customer(Guid Id, string Name, long Number, string? Phone) : Found;

    /// <param name="RequestId">Null when the payer paid by himself.</param>
    /// <param name="Payer">Null when the payment belongs to nobody yet.</param>
    public sealed record Payment(Guid Id, Guid? RequestId, string Receipt, decimal Amount, string? Payer) : Found;

    public sealed record Router(Guid Id, string Name, IPAddress Address) : Found;

    public sealed record Session(SessionRow Row) : Found;

    public sealed record Voucher(VoucherRow Row) : Found;
}
