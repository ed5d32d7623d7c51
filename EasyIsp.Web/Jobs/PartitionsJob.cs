using EasyIsp.Core.Persistence;
using Hangfire;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Web.Jobs;

/// <summary>
/// Makes the months ahead of every table that grows without end. Daily, though a month would do: a run that fails is
/// made good the next day, and rows outside all months are kept in a default partition meanwhile.
/// </summary>
[AutomaticRetry(Attempts = 3)]
internal sealed partial class PartitionsJob(PlatformDatabase database, ILogger<PartitionsJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var made = await db.Database.SqlQuery<int>($"select ensure_all_month_partitions() as \"Value\"").SingleAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        LogMade(made);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made {Count} month partitions")]
    private partial void LogMade(int count);
}
