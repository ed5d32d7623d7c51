using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Sessions;

/// <summary>What staff see of sessions: those that are open, those that have ended.</summary>
public sealed class SessionLists(IspDatabase database)
{
    public async Task<Page<SessionRow>> LiveAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var sessions = await MatchingAsync(db, db.OpenSessions, query, cancellationToken);
        return await Sorted(db, sessions, query).ToPageAsync(query.Page, page => Rows(db, page), cancellationToken);
    }

    public async Task<Page<SessionRow>> EndedAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var sessions = await MatchingAsync(db, Within(db.Sessions, query), query, cancellationToken);
        return await Sorted(db, sessions, query).ToPageAsync(query.Page, page => EndedRows(db, page), cancellationToken);
    }

    /// <returns>The sessions that are open, the latest begun first.</returns>
    public async Task<Slice<SessionRow>> OpenAsync(SessionQuery query, SliceOf slice, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var sessions = await MatchingAsync(db, db.OpenSessions, query, cancellationToken);
        return await Behind(sessions, slice).ToSliceAsync(slice, page => Rows(db, page), cancellationToken);
    }

    /// <returns>The sessions that have ended, the latest begun first.</returns>
    public async Task<Slice<SessionRow>> EndedAsync(SessionQuery query, SliceOf slice, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var sessions = await MatchingAsync(db, db.Sessions, query, cancellationToken);
        return await Behind(sessions, slice).ToSliceAsync(slice, page => EndedRows(db, page), cancellationToken);
    }

    /// <returns>These sessions as they are now, open or ended, in no order; those that are unknown are left out.</returns>
    public async Task<IReadOnlyList<SessionRow>> FindAsync(IReadOnlyCollection<Guid> sessionIds, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var open = await Rows(db, db.OpenSessions.Where(s => sessionIds.Contains(s.Id))).ToListAsync(cancellationToken);
        var missing = sessionIds.Except(open.Select(session => session.Id)).ToArray();
        return missing.Length == 0
            ? open
            : [.. open, .. await EndedRows(db, db.Sessions.Where(s => missing.Contains(s.Id))).ToListAsync(cancellationToken)];
    }

    /// <returns>Every router in use, busiest first; those with nobody online have zero.</returns>
    public async Task<IReadOnlyList<RouterOnline>> OnlineNowAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await (
            from router in db.Routers
            where router.ArchivedAt == null
            let online = db.OpenSessions.Count(s => s.RouterId == router.Id)
            orderby online descending, router.Name
            select new RouterOnline(router.Id, router.Name, online)).ToListAsync(cancellationToken);
    }

    private static IQueryable<Session> Within(IQueryable<Session> sessions, SessionQuery query)
    {
        if (query.From is { } from)
            sessions = sessions.Where(s => s.EndedAt >= from);
        if (query.Until is { } until)
            sessions = sessions.Where(s => s.StartedAt < until);
        return sessions;
    }

    private static async Task<IQueryable<T>> MatchingAsync<T>(
        IspDbContext db, IQueryable<T> sessions, SessionQuery query, CancellationToken cancellationToken) where T : SessionRecord
    {
        if (query.RouterId is { } routerId)
            sessions = sessions.Where(s => s.RouterId == routerId);
        if (query.CustomerId is { } customerId)
            sessions = sessions.Where(s => s.CustomerId == customerId);
        if (string.IsNullOrWhiteSpace(query.Search))
            return sessions;

        var text = query.Search.Trim();
        if (MacAddress.FromSearch(text) is { } mac)
            return sessions.Where(s => s.MacAddress == mac);
        if (text.Contains('.') && IPAddress.TryParse(text, out var address))
            return sessions.Where(s => s.Address!.Equals(address));

        var customers = await CustomerSearch.HitsAsync(db, text, cancellationToken) ?? [];
        var username = Like.Escape(text) + "%";
        return sessions.Where(s => EF.Functions.ILike(s.UserName, username, Like.EscapeCharacter) || customers.Contains(s.CustomerId!.Value));
    }

    /// <summary>Ids are made when a session starts, so their order is the order of starts, and an index has it.</summary>
    private static IQueryable<T> Sorted<T>(IspDbContext db, IQueryable<T> sessions, SessionQuery query) where T : SessionRecord
        => (query.Sort, query.Descending) switch
        {
            (SessionSort.UserName, false) => sessions.OrderBy(s => s.UserName).ThenBy(s => s.Id),
            (SessionSort.UserName, true) => sessions.OrderByDescending(s => s.UserName).ThenBy(s => s.Id),
            (SessionSort.Router, false) => sessions.OrderBy(s => db.Routers.Single(r => r.Id == s.RouterId).Name).ThenBy(s => s.Id),
            (SessionSort.Router, true) => sessions.OrderByDescending(s => db.Routers.Single(r => r.Id == s.RouterId).Name).ThenBy(s => s.Id),
            (SessionSort.Traffic, false) => sessions.OrderBy(s => s.UploadedBytes + s.DownloadedBytes).ThenBy(s => s.Id),
            (SessionSort.Traffic, true) => sessions.OrderByDescending(s => s.UploadedBytes + s.DownloadedBytes).ThenBy(s => s.Id),
            (_, false) => sessions.OrderBy(s => s.Id),
            (_, true) => sessions.OrderByDescending(s => s.Id),
        };

    private static IQueryable<T> Behind<T>(IQueryable<T> sessions, SliceOf slice) where T : SessionRecord
        => (slice.Before is { } before ? sessions.Where(s => s.Id < before) : sessions).OrderByDescending(s => s.Id);

    private static IQueryable<SessionRow> Rows(IspDbContext db, IQueryable<OpenSession> sessions)
        => from session in sessions
           join router in db.Routers on session.RouterId equals router.Id
           join found in db.Customers on session.CustomerId equals found.Id into customers
           from customer in customers.DefaultIfEmpty()
           select new SessionRow(
               session.Id, session.UserName, session.CustomerId, customer.Name, router.Id, router.Name, session.MacAddress,
               session.Address, session.StartedAt, session.LastHeardAt, session.UploadedBytes, session.DownloadedBytes, null, null);

    private static IQueryable<SessionRow> EndedRows(IspDbContext db, IQueryable<Session> sessions)
        => from session in sessions
           join router in db.Routers on session.RouterId equals router.Id
           join found in db.Customers on session.CustomerId equals found.Id into customers
           from customer in customers.DefaultIfEmpty()
           select new SessionRow(
               session.Id, session.UserName, session.CustomerId, customer.Name, router.Id, router.Name, session.MacAddress,
               session.Address, session.StartedAt, session.LastHeardAt, session.UploadedBytes, session.DownloadedBytes,
               session.EndedAt, session.TerminateCause);
}
