using System.Threading.Channels;
using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius.Routers;

/// <summary>Loads the directory at start and whenever a router or tenant changes; many changes at once are one reload.</summary>
internal sealed partial class NasRefresher(
    NasDirectory directory, NasMetrics metrics, VoucherReader vouchers, ChangeFeed feed, TimeProvider clock, ILogger<NasRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<Change> _news = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private IDisposable? _subscription;

    /// <summary>Hears from here on: what <see cref="ExecuteAsync"/> does runs on the pool, at some time.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(change =>
        {
            if (change.IsEverything || change.Table is "routers" or "router_certificates" or "tenants")
                _news.Writer.TryWrite(change);
        });
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _news.Writer.TryWrite(Change.Everything);
        await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken))
            await ReloadAsync(stoppingToken);
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            vouchers.Prepare(); // packets are let in once the directory is loaded
            await directory.ReloadAsync(cancellationToken);
            metrics.Know(directory.Identities);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost loop: whatever it was (EF wraps a lost connection in its own way), the next round may succeed.
            LogNotLoaded(exception.GetBaseException().Message);
            await Task.Delay(PauseAfterFailure, clock, cancellationToken);
            _news.Writer.TryWrite(Change.Everything);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The routers could not be read ({Reason}); trying again in a second")]
    private partial void LogNotLoaded(string reason);
}
