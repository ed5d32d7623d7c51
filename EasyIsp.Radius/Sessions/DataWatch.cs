using System.Collections.Concurrent;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Has the subscriptions whose sessions have just grown compared with their data limits, once a second and off the path
/// of the packets. What is forgotten in a crash the next report brings back, or the job that sweeps.
/// </summary>
internal sealed partial class DataWatch(DataLimits limits, TimeProvider clock, ILogger<DataWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RowKey, bool> _grown = new();

    public void Grown(Guid tenantId, Guid subscriptionId) => _grown[new RowKey(tenantId, subscriptionId)] = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await CheckAsync(stoppingToken);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var grown = _grown.Keys.ToArray();
        foreach (var key in grown)
            _grown.TryRemove(key, out _);

        try
        {
            await limits.CheckAsync(grown, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost loop: whatever it was (EF wraps a lost connection in its own way), the next round looks again.
            LogNotChecked(grown.Length, exception.GetBaseException().Message);
            foreach (var key in grown)
                _grown[key] = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data of {Count} subscriptions could not be compared with their limits ({Reason})")]
    private partial void LogNotChecked(int count, string reason);
}
