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
        foreach (var chunk in taken.News.Chunk(AtOnce))
        {
            await StoreAsync(chunk, cancellationToken);
            EndStep(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        spool.Delete(taken);
        metrics.Replayed(taken.News.Count);
        metrics.SetAside(taken.Damaged.Count);
        LogReplayed(taken.News.Count, spool.Records);
        if (spool.IsEmpty)
            EndStep(null);
    }

    private async Task StoreAsync(SessionNews[] chunk, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(chunk, cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData() && chunk.Length > 1)
        {
            foreach (var news in chunk)
                await StoreAsync([news], cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData())
        {
            // It must not hold up the others for ever.
            metrics.Refused();
            LogRefused(exception.SqlState, chunk[0].RouterId, chunk[0].ToString());
        }
    }

    private void EndStep(TaskCompletionSource? next) => Interlocked.Exchange(ref _step, next)?.TrySetResult();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounting records wait on disk; the database does not take them yet ({Reason})")]
    private partial void LogStillAway(long count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} accounting records were brought from disk into the database; {Left} are left")]
    private partial void LogReplayed(int count, long left);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database refuses a record from disk ({SqlState}), which is lost: {Record}, router {RouterId}")]
    private partial void LogRefused(string sqlState, Guid routerId, string record);
}
