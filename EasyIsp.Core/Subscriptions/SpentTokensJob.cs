using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Subscriptions;

/// <summary>Forgets login tokens that let nobody in any more.</summary>
public sealed class SpentTokensJob(PlatformDatabase platform, TimeProvider clock)
{
    /// <summary>Kept a while after their end, for the worker that may still hold one in its hands.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <returns>How many were forgotten.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Grace;
        await using var db = await platform.OpenAsync(cancellationToken);
        var forgotten = await db.LoginTokens.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(token => token.ExpiresAt < before)
            .ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return forgotten;
    }
}
