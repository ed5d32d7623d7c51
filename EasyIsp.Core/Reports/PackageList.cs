using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>The price list, and how many customers have what.</summary>
public sealed class PackageList(IspDatabase database, TimeProvider clock)
{
    public async Task<Page<PackageRow>> ListAsync(PackageQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var page = await Sort(Filter(db, query), query).AsNoTracking().ToPageAsync(query.Page, cancellationToken);
        var active = await ActiveAsync(db, [.. page.Rows.Select(p => p.Id)], cancellationToken);
        return new Page<PackageRow>(
            [.. page.Rows.Select(package => PackageRow.Of(package, active.GetValueOrDefault(package.Id)))], page.Total);
    }

    /// <summary>The newest packages first; the query's page and order are not looked at.</summary>
    public async Task<Slice<PackageRow>> ListAsync(PackageQuery query, SliceOf slice, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var packages = Filter(db, query).Where(p => slice.Before == null || p.Id < slice.Before).OrderByDescending(p => p.Id);
        var page = await packages.AsNoTracking().ToSliceAsync(slice, rows => rows, cancellationToken);
        var active = await ActiveAsync(db, [.. page.Rows.Select(p => p.Id)], cancellationToken);
        return new Slice<PackageRow>([.. page.Rows.Select(package => PackageRow.Of(package, active.GetValueOrDefault(package.Id)))], page.HasMore);
    }

    private static IQueryable<Package> Filter(IspDbContext db, PackageQuery query)
    {
        var packages = db.Packages.Where(p => (p.ArchivedAt != null) == query.Archived);
        return query.AccessType is { } accessType ? packages.Where(p => p.AccessType == accessType) : packages;
    }

    private static IQueryable<Package> Sort(IQueryable<Package> packages, PackageQuery query)
        => (query.Sort, query.Descending) switch
        {
            (PackageSort.Name, false) => packages.OrderBy(p => p.Name).ThenBy(p => p.Id),
            (PackageSort.Name, true) => packages.OrderByDescending(p => p.Name).ThenBy(p => p.Id),
            (PackageSort.Price, true) => packages.OrderByDescending(p => p.Price).ThenBy(p => p.Id),
            (PackageSort.Duration, false) => packages.OrderBy(p => p.Duration).ThenBy(p => p.Id),
            (PackageSort.Duration, true) => packages.OrderByDescending(p => p.Duration).ThenBy(p => p.Id),
            _ => packages.OrderBy(p => p.Price).ThenBy(p => p.Id),
        };

    private async Task<Dictionary<Guid, int>> ActiveAsync(IspDbContext db, Guid[] packageIds, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.Subscriptions
            .Where(s => s.EndsAt > now && s.StartsAt <= now && packageIds.Contains(s.PackageId))
            .GroupBy(s => s.PackageId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
    }
}

public sealed record PackageQuery(
    AccessType? AccessType = null,
    bool Archived = false,
    PackageSort Sort = PackageSort.Price,
    bool Descending = false,
    PageOf Page = default);

public enum PackageSort
{
    Price,
    Name,
    Duration,
}

/// <param name="Active">Customers who have it now.</param>
public sealed record PackageRow(
    Guid Id,
    string Name,
    AccessType AccessType,
    decimal Price,
    TimeSpan Duration,
    int DownloadKbps,
    int UploadKbps,
    long? DataLimitBytes,
    int SimultaneousSessions,
    bool IsOnPortal,
    DateTimeOffset? ArchivedAt,
    int Active)
{
    internal static PackageRow Of(Package package, int active) => new(
        package.Id,
        package.Name,
        package.AccessType,
        package.Price,
        package.Duration,
        package.DownloadKbps,
        package.UploadKbps,
        package.DataLimitBytes,
        package.SimultaneousSessions,
        package.IsOnPortal,
        package.ArchivedAt,
        active);
}
