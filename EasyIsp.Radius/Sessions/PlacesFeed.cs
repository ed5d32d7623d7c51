using System.Threading.Channels;
using EasyIsp.Core.Persistence;

namespace EasyIsp.Radius.Sessions;

/// <summary>Keeps <see cref="Places"/> in step with what other processes open and end. What this one does it knows already.</summary>
internal sealed partial class PlacesFeed(
    PlacesReader reader, ChangeFeed feed, TimeProvider clock, ILogger<PlacesFeed> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<Change> _news = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true });

    private IDisposable? _subscription;

    /// <summary>
    /// Hears from here on: what <see cref="ExecuteAsync"/> does runs on the pool, at some time. A feed that listens already
    /// may have said so before.
    /// </summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(change =>
        {
            if (change.IsEverything || (change.Table == "open_sessions" && !change.IsOwn))
                _news.Writer.TryWrite(change);
        });
        if (feed.IsListening)
            _news.Writer.TryWrite(Change.Everything);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _news.Reader.WaitToReadAsync(stoppingToken))
        {
            var news = new List<Change>();
            while (_news.Reader.TryRead(out var change))
                news.Add(change);
            await TakeInAsync(news, stoppingToken);
        }
    }

    private async Task TakeInAsync(List<Change> news, CancellationToken cancellationToken)
    {
        try
        {
            if (news.Exists(change => change.IsEverything))
            {
                await reader.ReadAllAsync(tenantId: null, cancellationToken);
                return;
            }

            foreach (var tenantId in news.Where(change => change.Ids.Count == 0).Select(change => change.TenantId).Distinct())
                await reader.ReadAllAsync(tenantId, cancellationToken);
            await reader.ReadAsync([.. news.SelectMany(change => change.Ids.Select(id => (change.TenantId, id)))], cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost loop: whatever it was, the next round reads everything.
            LogNotRead(exception.GetBaseException().Message);
            await Task.Delay(PauseAfterFailure, clock, cancellationToken);
            _news.Writer.TryWrite(Change.Everything);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who is online could not be read ({Reason}); trying again in a second")]
    private partial void LogNotRead(string reason);
}
