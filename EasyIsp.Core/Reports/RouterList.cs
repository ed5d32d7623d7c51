using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>The routers of a tenant: when each was last heard, and who is online there.</summary>
public sealed class RouterList(IspDatabase database, TimeProvider clock)
{
    public async Task<Page<RouterRow>> ListAsync(RouterQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var routers = db.Routers.Where(r => r.ArchivedAt == null);
        if (query.OnlyUnsigned)
            routers = routers.Where(r => r.LastHeardAt != null && r.SentMessageAuthenticatorAt == null);
        var page = await Select(db, Sort(routers, query)).ToPageAsync(query.Page, cancellationToken);
        return new Page<RouterRow>([.. page.Rows.Select(row => row with { State = StateOf(row.LastHeardAt, now) })], page.Total);
    }

    /// <summary>The newest routers first.</summary>
    public async Task<Slice<RouterRow>> ListAsync(SliceOf slice, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var routers = db.Routers.Where(r => r.ArchivedAt == null && (slice.Before == null || r.Id < slice.Before));
        var rows = await routers.OrderByDescending(r => r.Id).ToSliceAsync(slice, page => Select(db, page), cancellationToken);
        return rows with { Rows = [.. rows.Rows.Select(row => row with { State = StateOf(row.LastHeardAt, now) })] };
    }

    /// <returns>Null when there is no such router, or it was archived.</returns>
    public async Task<RouterRow?> FindAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var row = await Select(db, db.Routers.Where(r => r.Id == routerId && r.ArchivedAt == null)).SingleOrDefaultAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return row is null
            ? null
            : row with { State = StateOf(row.LastHeardAt, now), SecretChange = row.SecretChange?.Until > now ? row.SecretChange : null };
    }

    private static IQueryable<RouterRow> Select(IspDbContext db, IQueryable<Router> routers)
        => routers.Select(r => new RouterRow(
            r.Id,
            r.Name,
            r.Address,
            db.PortalSites.Where(site => site.RouterId == r.Id).Select(site => site.Code).FirstOrDefault(),
            r.Api != null,
            r.SentMessageAuthenticatorAt != null,
            r.CreatedAt,
            r.LastHeardAt,
            db.OpenSessions.Count(s => s.RouterId == r.Id),
            RouterState.NeverHeard,
            r.TunnelAddress,
            r.PreviousSecretUntil == null ? null : new SecretChange(r.PreviousSecretUntil.Value, r.UsesPreviousSecret, r.SecretUsedSince)));

    private static IQueryable<Router> Sort(IQueryable<Router> routers, RouterQuery query)
        => (query.Sort, query.Descending) switch
        {
            (RouterSort.LastHeard, false) => routers.OrderBy(r => r.LastHeardAt).ThenBy(r => r.Id),
            (RouterSort.LastHeard, true) => routers.OrderByDescending(r => r.LastHeardAt.HasValue).ThenByDescending(r => r.LastHeardAt).ThenBy(r => r.Id),
            (_, true) => routers.OrderByDescending(r => r.Name),
            _ => routers.OrderBy(r => r.Name),
        };

    private static RouterState StateOf(DateTimeOffset? lastHeardAt, DateTimeOffset now) => lastHeardAt switch
    {
        null => RouterState.NeverHeard,
        { } at when now - at > RouterRow.SilentAfter => RouterState.Silent,
        _ => RouterState.Heard,
    };
}

/// <param name="OnlyUnsigned">Only those that are heard and have never sent a Message-Authenticator.</param>
public sealed record RouterQuery(
    RouterSort Sort = RouterSort.Name, bool Descending = false, PageOf Page = default, bool OnlyUnsigned = false);

public enum RouterSort
{
    Name,
    LastHeard,
}

public enum RouterState
{
    NeverHeard,
    Heard,
    Silent,
}

/// <param name="SiteCode">The portal answers for it at <c>/h/{code}</c>; null until one is claimed.</param>
/// <param name="Online">Sessions that are open there.</param>
public sealed record RouterRow(
    Guid Id,
    string Name,
    IPAddress Address,
    string? SiteCode,
    bool HasApi,
    bool SendsMessageAuthenticator,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastHeardAt,
    int Online,
    RouterState State,
    IPAddress? TunnelAddress = null,
    SecretChange? SecretChange = null)
{
    /// <summary>Two missed interim updates at the usual five minutes.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(12);
}

/// <summary>Two secrets are good for a while.</summary>
/// <param name="Until">When the previous one ends.</param>
/// <param name="UsesPrevious">Which of the two the router proved last.</param>
/// <param name="UsedSince">Since when; null while it was not heard since the change.</param>
public sealed record SecretChange(DateTimeOffset Until, bool UsesPrevious, DateTimeOffset? UsedSince);
