using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Portal.Hotspot;

/// <summary>Finds out, before a tenant is known, whose a site code is.</summary>
internal sealed class PortalSites(PlatformDatabase platform)
{
    /// <returns>Null when nobody has this code.</returns>
    public async Task<PortalSite?> FindAsync(string code, CancellationToken cancellationToken)
    {
        if (code.Length > PortalSite.MaxCodeLength)
            return null;

        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.PortalSites.AsNoTracking().SingleOrDefaultAsync(s => s.Code == code, cancellationToken);
    }
}
