using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Hotspot;

/// <summary>Forgets visits that nobody comes back to.</summary>
public sealed class OldVisitsJob(PlatformDatabase platform, TimeProvider clock)
{
    /// <returns>How many were forgotten.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - HotspotVisit.Lifetime;
        await using var db = await platform.OpenAsync(cancellationToken);
        var forgotten = await db.HotspotVisits.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(visit => visit.ArrivedAt < before && visit.CreatedAt < before)
            .ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return forgotten;
    }
}
