using System.Collections.Concurrent;
using System.Threading.Channels;
using EasyIsp.Emulators.Routers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>Brings people to the demonstration's hotspots, a few at a time, out of a crowd that stays the same.</summary>
internal sealed partial class DemoShoppers(
    EmulatedRouters routers, IOptions<ShoppersOptions> options, TimeProvider clock, ILogger<DemoShoppers> logger) : BackgroundService
{
    private const int TriesToMeet = 20;

    private readonly ShoppersOptions _options = options.Value;
    private readonly ConcurrentDictionary<int, Shopper> _present = new();
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(options.Value.AtMost) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Random _random = new(options.Value.Seed);

    public bool ComeByThemselves => _options.MeanPause > TimeSpan.Zero;

    /// <summary>While true nobody comes by himself; who is there goes on.</summary>
    public bool IsPaused { get; set; }

    public IReadOnlyList<Shopper> Present => [.. _present.OrderBy(one => one.Key).Select(one => one.Value)];

    /// <summary>Somebody comes now, unless as many are there as may be.</summary>
    public void Invite() => _arrivals.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pace = PaceAsync(stoppingToken);
        List<Task> lives = [pace];
        try
        {
            await foreach (var _ in _arrivals.Reader.ReadAllAsync(stoppingToken))
            {
                lives.RemoveAll(life => life.IsCompleted && life != pace);
                if (routers.All.Count > 0 && _present.Count < _options.AtMost && Meet() is { } who)
                    lives.Add(LiveAsync(who, stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The demonstration ends.
        }

        await Task.WhenAll(lives);
    }

    private async Task PaceAsync(CancellationToken stoppingToken)
    {
        var random = new Random(_options.Seed);
        try
        {
            while (ComeByThemselves)
            {
                await Task.Delay(Taste.About(_options.MeanPause, random), clock, stoppingToken);
                if (!IsPaused)
                    Invite();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The demonstration ends.
        }
    }

    /// <returns>Null when all that were met are at a hotspot already.</returns>
    private Passerby? Meet() => Enumerable.Range(0, TriesToMeet)
        .Select(_ => new Passerby(_random.Next(Math.Min(_options.Crowd, Passerby.MaxCrowd))))
        .FirstOrDefault(who => !_present.ContainsKey(who.Number));

    private async Task LiveAsync(Passerby who, CancellationToken stoppingToken)
    {
        // Each lives near one router, and by dice of his own: people act at the same time.
        var router = routers.All[who.Number % routers.All.Count];
        using var browser = PortalBrowser.Open();
        var shopper = _present[who.Number] = new Shopper(who, router, browser, _options, new Random(_random.Next()), clock);
        try
        {
            await shopper.LiveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // He is still there when the demonstration ends.
        }
        catch (Exception exception)
        {
            // Whatever it was, the others go on. A line is enough: the portal has its own log.
            LogGaveUp(router.Options.Name, shopper.Doing, exception.Message);
        }
        finally
        {
            _present.TryRemove(who.Number, out _);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A shopper at {Router} gave up while {Doing}: {Reason}")]
    private partial void LogGaveUp(string router, string doing, string reason);
}
