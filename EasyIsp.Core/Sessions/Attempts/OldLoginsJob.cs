using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Sessions.Attempts;

/// <summary>
/// Forgets logins older than <see cref="SessionsOptions.KeepLogins"/>: whole months by dropping their partitions, of the
/// month in between the days that have passed.
/// </summary>
public sealed partial class OldLoginsJob(
    PlatformDatabase platform, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<OldLoginsJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.KeepLogins;
        await using var db = await platform.OpenAsync(cancellationToken);
        var months = await db.Database.SqlQuery<int>($"select forget_login_attempts({before}) as \"Value\"").SingleAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        if (months > 0)
            LogForgotten(months, before);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped {Count} months of logins from before {Before:u}")]
    private partial void LogForgotten(int count, DateTimeOffset before);
}
