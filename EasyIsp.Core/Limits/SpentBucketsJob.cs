using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Limits;

/// <summary>
/// Forgets buckets that are whole again. A flood of made-up keys cannot fill the disk meanwhile: of more than
/// <see cref="Most"/> go those that are nearest to whole; who tries on and on is kept.
/// </summary>
public sealed partial class SpentBucketsJob(PlatformDatabase platform, TimeProvider clock, ILogger<SpentBucketsJob> logger)
{
    /// <summary>About 150 MB.</summary>
    internal int Most { get; init; } = 1_000_000;

    /// <returns>How many were forgotten.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        var forgotten = await db.LimitBuckets.Where(b => b.FullAt <= now).ExecuteDeleteAsync(cancellationToken);
        var left = await db.LimitBuckets.CountAsync(cancellationToken);
        if (left > Most)
        {
            LogFlood(left);
            var few = db.LimitBuckets.OrderBy(b => b.FullAt).Take(left - Most).Select(b => b.Key);
            forgotten += await db.LimitBuckets.Where(b => few.Contains(b.Key)).ExecuteDeleteAsync(cancellationToken);
        }

        await db.CommitAsync(cancellationToken);
        return forgotten;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} buckets of limits are in use, as of a flood of made-up addresses or devices; the least used are forgotten")]
    private partial void LogFlood(int count);
}
