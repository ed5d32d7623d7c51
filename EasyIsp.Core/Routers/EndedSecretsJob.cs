using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Routers;

/// <summary>Forgets previous secrets whose time is over. The RADIUS worker stopped believing them by itself.</summary>
public sealed class EndedSecretsJob(PlatformDatabase platform, TimeProvider clock)
{
    /// <returns>How many were forgotten.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        var ended = await db.Routers
            .IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(r => r.PreviousSecretUntil <= now)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(r => r.PreviousSecret, (Secrets.Secret?)null)
                    .SetProperty(r => r.PreviousSecretUntil, (DateTimeOffset?)null)
                    .SetProperty(r => r.UsesPreviousSecret, false)
                    .SetProperty(r => r.SecretUsedSince, (DateTimeOffset?)null),
                cancellationToken);
        await db.CommitAsync(cancellationToken);
        return ended;
    }
}
