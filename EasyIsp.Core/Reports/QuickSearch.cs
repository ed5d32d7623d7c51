using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>The search field on top of the console.</summary>
public sealed class QuickSearch(IspDatabase database)
{
    private const int MostHits = 8;
    private const int LongestTerm = 60;

    /// <summary>Customers whose name, account number, phone in any spelling, user name or device contain the term.</summary>
    public async Task<IReadOnlyList<CustomerHit>> FindAsync(string term, CancellationToken cancellationToken)
    {
        var wanted = term.Trim();
        if (wanted.Length is 0 or > LongestTerm)
            return [];

        await using var db = await database.OpenAsync(cancellationToken);
        return await (
            from hit in db.SearchCustomers(Unspaced(wanted))
            join customer in db.Customers on hit.Id equals customer.Id
            orderby customer.Name, customer.Number
            select new CustomerHit(customer.Id, customer.Name, customer.Number, customer.Phone)).Take(MostHits).ToListAsync(cancellationToken);
    }

    /// <summary>Phone numbers are kept without the spaces and hyphens that people put into them.</summary>
    private static string Unspaced(string term)
        => term.All(character => char.IsAsciiDigit(character) || character is '+' or ' ' or '-' or '(' or ')')
            ? string.Concat(term.Where(character => char.IsAsciiDigit(character) || character == '+'))
            : term;
}

/// <param name="Phone">E.164.</param>
public sealed record CustomerHit(Guid Id, string Name, long Number, string? Phone);
