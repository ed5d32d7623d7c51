using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Sessions.Attempts;

/// <summary>What staff see of the logins that routers have asked for.</summary>
public sealed class LoginLists(IspDatabase database)
{
    private const int MostNewer = 100;

    /// <summary>Stands behind every character that a name may hold.</summary>
    private const string LastCharacter = "\U0010FFFF";

    /// <returns>Newest first.</returns>
    public async Task<LoginPage> ListAsync(LoginQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var logins = await MatchingAsync(db, query, cancellationToken);
        var page = logins;
        if (query.UpTo is { } upTo)
            page = page.Where(l => l.Id <= upTo);
        if (query.Before is { } before)
            page = page.Where(l => l.Id < before);
        var rows = await Rows(db, page.OrderByDescending(l => l.Id).Take(query.Take + 1)).ToListAsync(cancellationToken);
        var newer = query.UpTo is { } shown ? await logins.Where(l => l.Id > shown).Take(MostNewer).CountAsync(cancellationToken) : 0;
        return new LoginPage([.. rows.Take(query.Take)], rows.Count > query.Take, newer);
    }

    /// <summary>
    /// Participant: a customer's own, and those in his name or from his device by which nobody was found.
    /// </summary>
    /// <returns>Newest first.</returns>
    public static Task<List<LoginRow>> OfCustomerAsync(
        IspDbContext db, Customer customer, DateTimeOffset since, int take, CancellationToken cancellationToken)
    {
        var (from, username, mac) = (TimeId.FirstOf(since), customer.Username, customer.MacAddress);
        var logins = db.LoginRecords.Where(l => l.Id >= from
            && (l.CustomerId == customer.Id
                || (l.CustomerId == null && ((username != null && l.UserKey == username) || (mac != null && l.MacAddress == mac)))));
        return Rows(db, logins.OrderByDescending(l => l.Id).Take(take)).ToListAsync(cancellationToken);
    }

    private static async Task<IQueryable<LoginRecord>> MatchingAsync(IspDbContext db, LoginQuery query, CancellationToken cancellationToken)
    {
        IQueryable<LoginRecord> logins = db.LoginRecords;
        if (query.RouterId is { } routerId)
            logins = logins.Where(l => l.RouterId == routerId);
        if (query.Kind is { } kind)
            logins = logins.Of(kind);
        if (query.Since is { } since)
        {
            var first = TimeId.FirstOf(since);
            logins = logins.Where(l => l.Id >= first);
        }

        if (string.IsNullOrWhiteSpace(query.Search))
            return logins;

        var text = query.Search.Trim();
        if (MacAddress.FromSearch(text) is { } mac)
            return logins.Where(l => l.MacAddress == mac);

        var customers = await CustomerSearch.HitsAsync(db, text, cancellationToken) ?? [];
        var (from, until) = (text.ToLowerInvariant(), text.ToLowerInvariant() + LastCharacter);
        return logins.Where(l => (l.UserKey.CompareTo(from) >= 0 && l.UserKey.CompareTo(until) <= 0) || customers.Contains(l.CustomerId!.Value));
    }

    private static IQueryable<LoginRow> Rows(IspDbContext db, IQueryable<LoginRecord> logins)
        => from login in logins
           join router in db.Routers on login.RouterId equals router.Id
           join found in db.Customers on login.CustomerId equals found.Id into customers
           from customer in customers.DefaultIfEmpty()
           orderby login.Id descending
           select new LoginRow(
               login.Id, login.UserName, login.CustomerId, customer.Name, router.Id, router.Name, login.MacAddress, login.NasPort,
               login.AccessType, login.Method, login.Refusal, login.IsLimited, login.At, login.LastAt, login.Times, login.Took,
               login.LeftOut);
}
