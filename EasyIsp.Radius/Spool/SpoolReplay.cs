using EasyIsp.Radius.Sessions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Spool;

/// <summary>Brings what waits on disk into the database, in its order, as soon as that takes it.</summary>
internal sealed partial class SpoolReplay(
    AccountingSpool spool,
    SessionStore store,
    SpoolMetrics metrics,
    IOptions<RadiusOptions> options,
    TimeProvider clock,
    ILogger<SpoolReplay> logger) : BackgroundService
{
    /// <summary>More than one group of new records: the spool empties while they keep coming.</summary>
    public const int AtOnce = 2 * AccountingWriter.MaxGroup;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private TaskCompletionSource? _step;

    /// <summary>
    /// For who adds to the spool: while it is being emptied, he adds no faster than it empties; but routers do not wait
    /// for a database that has gone silent over it.
    /// </summary>
    public async Task KeepPaceAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _step) is not { } step)
            return;

        await step.Task.WaitAsync(options.Value.DatabasePatience, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await spool.WaitAsync(stoppingToken);
            try
            {
                await ReplayOldestAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The outermost loop: the segment stays, and is read again from its beginning.
                LogStillAway(spool.Records, exception.Message);
                EndStep(null);
                await Task.Delay(PauseAfterFailure, clock, stoppingToken);
            }
        }
    }

    private async Task ReplayOldestAsync(CancellationToken cancellationToken)
    {
        var taken = spool.Take();
        var refused = new List<RefusedNews>();
        foreach (var chunk in taken.News.Chunk(AtOnce))
        {
            await StoreAsync(chunk, refused, cancellationToken);
            EndStep(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        spool.Delete(taken, refused);
        metrics.Replayed(taken.News.Count - refused.Count);
        metrics.Refused(refused.Count);
        metrics.SetAside(taken.Damaged.Count);
        LogReplayed(taken.News.Count - refused.Count, spool.Records);
        if (spool.IsEmpty)
            EndStep(null);
    }

    /// <param name="refused">What the database does not take for its contents: it must not hold up the others for ever.</param>
    private async Task StoreAsync(SessionNews[] chunk, List<RefusedNews> refused, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(chunk, cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData() && chunk.Length > 1)
        {
            foreach (var news in chunk)
                await StoreAsync([news], refused, cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData())
        {
            refused.Add(new RefusedNews(chunk[0], exception.SqlState));
        }
    }

    private void EndStep(TaskCompletionSource? next) => Interlocked.Exchange(ref _step, next)?.TrySetResult();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounting records wait on disk; the database does not take them yet ({Reason})")]
    private partial void LogStillAway(long count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} accounting records were brought from disk into the database; {Left} are left")]
    private partial void LogReplayed(int count, long left);
}
