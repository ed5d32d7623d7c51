using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Routers;

/// <summary>Forgets unknown routers that have said nothing for <see cref="UnknownRouter.Lifetime"/>.</summary>
public sealed class SilentUnknownRoutersJob(PlatformDatabase platform, TimeProvider clock)
{
    /// <returns>How many were forgotten.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - UnknownRouter.Lifetime;
        await using var db = await platform.OpenAsync(cancellationToken);
        var forgotten = await db.UnknownRouters.Where(unknown => unknown.LastSeenAt < before).ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return forgotten;
    }
}
