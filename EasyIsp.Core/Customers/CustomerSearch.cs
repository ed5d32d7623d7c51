using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Customers;

/// <summary>Finds customers by what people type: name, number, phone in any spelling, user name, device or e-mail.</summary>
internal static class CustomerSearch
{
    /// <summary>Trigrams find nothing shorter.</summary>
    public const int MinLength = 3;

    public const int MaxLength = 120;

    /// <summary>A search that finds more people than this is no search yet: the newest of them are taken.</summary>
    public const int MaxHits = 1_000;

    /// <summary>
    /// Participant: asked before the list that is to be narrowed. Joined to it, the planner knows nothing of how few
    /// there are and walks the whole tenant.
    /// </summary>
    /// <returns>Newest first; null when there is too little to search for.</returns>
    public static async Task<Guid[]?> HitsAsync(IspDbContext db, string? typed, CancellationToken cancellationToken)
        => Normalize(typed) is { } term
            ? await db.SearchCustomers(term).Select(hit => hit.Id).OrderDescending().Take(MaxHits).ToArrayAsync(cancellationToken)
            : null;

    /// <summary>
    /// As the search text spells it: devices in any spelling become <c>AA:BB:…</c>; digits with separators
    /// (<c>0712 345-678</c>) become the digits.
    /// </summary>
    private static string? Normalize(string? typed)
    {
        var term = typed?.Trim() ?? "";
        if (term.Length > MaxLength)
            term = term[..MaxLength];
        if (MacAddress.FromSearch(term) is { } device)
            return device;
        if (term.Any(char.IsAsciiDigit) && term.All(letter => char.IsAsciiDigit(letter) || letter is ' ' or '-' or '(' or ')' or '+'))
            term = string.Concat(term.Where(char.IsAsciiDigit));
        return term.Length < MinLength ? null : term;
    }
}
