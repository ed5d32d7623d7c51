using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Hotspot;

/// <summary>Devices as they come to the portal, come back, and turn out to be somebody's.</summary>
public sealed class HotspotVisits(IspDatabase database, TimeProvider clock)
{
    /// <summary>
    /// A router sent a browser. The device's visit at that router goes on if there is a recent one; a device without a
    /// name begins a new one each time.
    /// </summary>
    /// <returns>Null when the router is no longer in use.</returns>
    public async Task<ArrivedVisit?> ArriveAsync(Guid routerId, RouterWords words, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var router = await db.Routers.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == routerId && r.ArchivedAt == null, cancellationToken);
        if (router is null)
            return null;

        var arrival = HotspotArrivalReader.Read(words, router.HotspotHost);
        var now = clock.GetUtcNow();
        var visit = await RecentAsync(db, routerId, arrival.MacAddress, now, cancellationToken);
        var forFreshChallenge = visit?.AwaitsChallenge ?? false;
        if (visit is null)
            db.HotspotVisits.Add(visit = HotspotVisit.Begin(db.CurrentTenantId, routerId, arrival, now));
        else
            visit.ArriveAgain(arrival, now);
        await db.CommitAsync(cancellationToken);
        return new ArrivedVisit(visit, forFreshChallenge);
    }

    /// <returns>Null when no visit of the tenant has this key, or it is over.</returns>
    public async Task<HotspotVisit?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (key.Length != HotspotVisit.KeyLength)
            return null;

        var since = clock.GetUtcNow() - HotspotVisit.Lifetime;
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.HotspotVisits.AsNoTracking()
            .SingleOrDefaultAsync(v => v.Key == key && v.CreatedAt > since, cancellationToken);
    }

    /// <summary>
    /// The person proved who he is: by money that came from this visit, by a voucher, or by a receipt. Never because he
    /// typed a phone number: that would let anybody in on anybody's time.
    /// </summary>
    public async Task RememberCustomerAsync(string key, Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var visit = await db.HotspotVisits.SingleAsync(v => v.Key == key, cancellationToken);
        visit.BelongsTo(customerId);
        await db.CommitAsync(cancellationToken);
    }

    private static async Task<HotspotVisit?> RecentAsync(
        IspDbContext db, Guid routerId, string? macAddress, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (macAddress is null)
            return null;

        var since = now - HotspotVisit.Lifetime;
        return await db.HotspotVisits
            .Where(v => v.RouterId == routerId && v.MacAddress == macAddress && v.CreatedAt > since)
            .OrderByDescending(v => v.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }
}
