using System.Net;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Routers;

/// <summary>Who knocks at RADIUS without being known. For the super admin, and for a provider who has the installation to itself.</summary>
public sealed class UnknownRouterDesk(PlatformDatabase database, AuditTrail audit)
{
    public async Task<Page<UnknownRouterRow>> ListAsync(UnknownRouterQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await ListAsync(db, query, cancellationToken);
    }

    /// <summary>For staff of a tenant: where several providers share the installation, an address may be another's, and nothing is shown.</summary>
    public async Task<Page<UnknownRouterRow>> ListForOnlyTenantAsync(UnknownRouterQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.Tenants.CountAsync(cancellationToken) == 1
            ? await ListAsync(db, query, cancellationToken)
            : new Page<UnknownRouterRow>([], 0);
    }

    /// <summary>It comes back with its next packet. Nobody knows whose it is, so the deed is in the platform's own log.</summary>
    public async Task ForgetAsync(IPAddress address, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var unknown = db.UnknownRouters.Where(u => u.Address.Equals(address));
        if (await unknown.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } forgotten
            || await unknown.ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return;
        }

        audit.RecordFor(db, AuditEvent.OfPlatform, "unknown-router.forget", forgotten.Id, new
        {
            Address = $"{address}", forgotten.NasIdentifier, forgotten.LoginPackets, forgotten.AccountingPackets, forgotten.FirstSeenAt,
        });
        await db.CommitAsync(cancellationToken);
    }

    private static Task<Page<UnknownRouterRow>> ListAsync(IspDbContext db, UnknownRouterQuery query, CancellationToken cancellationToken)
        => Sort(Matching(db, query.Search), query)
            .ToPageAsync(
                query.Page,
                unknown => unknown.Select(u => new UnknownRouterRow(
                    u.Address, u.NasIdentifier, u.LoginPackets, u.AccountingPackets, u.FirstSeenAt, u.LastSeenAt)),
                cancellationToken);

    private static IQueryable<UnknownRouter> Matching(IspDbContext db, string? search)
    {
        if (search is null)
            return db.UnknownRouters.AsNoTracking();

        var pattern = $"%{Like.Escape(search)}%";
        return db.UnknownRouters
            .FromSql($"select * from unknown_routers where host(address) ilike {pattern} or nas_identifier ilike {pattern}")
            .AsNoTracking();
    }

    private static IOrderedQueryable<UnknownRouter> Sort(IQueryable<UnknownRouter> unknown, UnknownRouterQuery query)
        => (query.Sort, query.Descending) switch
        {
            (UnknownRouterSort.Address, false) => unknown.OrderBy(u => u.Address),
            (UnknownRouterSort.Address, true) => unknown.OrderByDescending(u => u.Address),
            (UnknownRouterSort.Packets, false) => unknown.OrderBy(u => u.LoginPackets + u.AccountingPackets).ThenBy(u => u.Address),
            (UnknownRouterSort.Packets, true) => unknown.OrderByDescending(u => u.LoginPackets + u.AccountingPackets).ThenBy(u => u.Address),
            (UnknownRouterSort.LastSeen, false) => unknown.OrderBy(u => u.LastSeenAt).ThenBy(u => u.Address),
            (UnknownRouterSort.LastSeen, true) => unknown.OrderByDescending(u => u.LastSeenAt).ThenBy(u => u.Address),
            (_, false) => unknown.OrderBy(u => u.FirstSeenAt).ThenBy(u => u.Address),
            _ => unknown.OrderByDescending(u => u.FirstSeenAt).ThenBy(u => u.Address),
        };
}

/// <summary>The newest first, unless told otherwise: rows then keep their places while packets come in.</summary>
/// <param name="Search">A part of the address or of what the device calls itself.</param>
public sealed record UnknownRouterQuery(
    string? Search = null, UnknownRouterSort Sort = UnknownRouterSort.FirstSeen, bool Descending = true, PageOf Page = default);

public enum UnknownRouterSort
{
    FirstSeen,
    LastSeen,
    Address,
    Packets,
}

/// <param name="NasIdentifier">What the device calls itself; unproven.</param>
public sealed record UnknownRouterRow(
    IPAddress Address, string? NasIdentifier, long LoginPackets, long AccountingPackets, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt);
