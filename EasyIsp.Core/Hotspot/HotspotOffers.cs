using System.Linq.Expressions;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Hotspot;

/// <summary>Whose portal it is and how its people write money, time and phone numbers.</summary>
public sealed record HotspotBrand(
    string Name,
    string AccentColor,
    string? SupportPhone,
    string Currency,
    string TimeZone,
    string Country,
    string Language,
    bool IsSuspended);

/// <summary>A package as it is offered.</summary>
/// <param name="SlowDownloadKbps">The speed when the data is used up; null where it does not just slow down.</param>
/// <param name="Hours">Of the week in which it lets in; null is always.</param>
public sealed record HotspotOffer(
    Guid Id,
    string Name,
    decimal Price,
    TimeSpan Duration,
    int DownloadKbps,
    long? DataLimitBytes,
    int Devices,
    int? SlowDownloadKbps = null,
    AllowedHours? Hours = null);

/// <summary>What the portal shows of a tenant.</summary>
public sealed class HotspotOffers(IspDatabase database)
{
    /// <returns>Null when there is no such tenant.</returns>
    public async Task<HotspotBrand?> BrandAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.Tenants
            .Where(t => t.Id == db.CurrentTenantId)
            .Select(t => new HotspotBrand(
                t.Name, t.AccentColor, t.SupportPhone, t.Currency, t.TimeZone, t.Country, t.Language, t.SuspendedAt != null))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <param name="routerId">Where the device is: packages for other routers alone are not offered there. Null offers them all.</param>
    /// <returns>The cheapest first.</returns>
    public async Task<IReadOnlyList<HotspotOffer>> OnSaleAsync(Guid? routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await OnSale(db)
            .Where(p => routerId == null || p.Access.RouterIds.Count == 0 || p.Access.RouterIds.Contains(routerId.Value))
            .OrderBy(p => p.Price).ThenBy(p => p.Name).Select(AsOffer).ToListAsync(cancellationToken);
    }

    /// <returns>Null when the package is not, or no longer, sold at the portal.</returns>
    public async Task<HotspotOffer?> FindAsync(Guid packageId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await OnSale(db).Where(p => p.Id == packageId).Select(AsOffer).SingleOrDefaultAsync(cancellationToken);
    }

    private static readonly Expression<Func<Package, HotspotOffer>> AsOffer = p => new HotspotOffer(
        p.Id, p.Name, p.Price, p.Duration, p.DownloadKbps, p.DataLimitBytes, p.SimultaneousSessions, p.SlowDownloadKbps, p.Access.Hours);

    private static IQueryable<Package> OnSale(IspDbContext db)
        => db.Packages.Where(p => p.AccessType == AccessType.Hotspot && p.IsOnPortal && p.ArchivedAt == null && p.Price > 0);
}
