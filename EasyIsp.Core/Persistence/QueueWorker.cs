using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Persistence;

/// <summary>
/// Works off a table that is a queue: woken by the database's announcement of that table, and by a timer in case an
/// announcement was lost. Runs again at once while there is more.
/// </summary>
public abstract partial class QueueWorker(ChangeFeed feed, string table, TimeSpan sweep, TimeProvider clock, ILogger logger) : BackgroundService
{
    private readonly SemaphoreSlim _news = new(0, 1);
    private IDisposable? _subscription;

    /// <returns>True when more may wait.</returns>
    protected abstract Task<bool> WorkAsync(CancellationToken cancellationToken);

    /// <summary>Hears from here on: what <see cref="ExecuteAsync"/> does runs on the pool, at some time.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(change =>
        {
            if (change.IsEverything || change.Table == table)
                Wake();
        });
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = clock.CreateTimer(_ => Wake(), null, sweep, sweep);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await WorkAsync(stoppingToken))
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception, table);
            }

            await _news.WaitAsync(stoppingToken);
        }
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        _news.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Wake()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has woken it already; one more round sees this news too.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Working off {Table} failed; the next round tries again")]
    private partial void LogFailed(Exception exception, string table);
}
