using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Sessions.Trials;

/// <summary>Forgets login tests after a day, and what was typed for those that no worker has taken after an hour at the latest.</summary>
public sealed class OldLoginTestsJob(PlatformDatabase platform, TimeProvider clock)
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        var tests = db.LoginTests.IgnoreQueryFilters([QueryFilters.Tenant]);
        await tests.Where(t => t.AskedAt < now - KeptFor).ExecuteDeleteAsync(cancellationToken);
        await tests.Where(t => t.Credentials != null && t.AskedAt < now - LoginTest.WaitsAtMost)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Credentials, (Secret?)null), cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
