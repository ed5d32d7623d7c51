using System.Net;
using System.Security.Cryptography;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Routers.RouterOs;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// Reads a session's speed back from its router's queues. One connection reads them all, for everybody who asked about
/// that router while the reading before was under way.
/// </summary>
internal sealed partial class QueueCheck(
    PlatformDatabase database, RouterEndpoints endpoints, IRouterConnector routers, ILogger<QueueCheck> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Readings> _readings = [];

    /// <returns>The rate that the router has for the session instead of this one; null when it is this one, and when it cannot be told.</returns>
    public async Task<string?> OtherRateAsync(RunningSession session, string rate, CancellationToken cancellationToken)
    {
        var queues = await NextReading(session, cancellationToken).WaitAsync(cancellationToken);
        return queues.FirstOrDefault(queue => IsOf(session, queue)) is { } queue && SimpleQueue.RateOf(rate) is { } wanted
            && queue.MaxLimit is { } found && found != wanted
                ? found.ToString()
                : null;
    }

    private static bool IsOf(RunningSession session, SimpleQueue queue)
        => queue.Name == $"<hotspot-{session.AtRouter.UserName}>"
            || queue.Name == $"<pppoe-{session.AtRouter.UserName}>"
            || (session.AtRouter.Address is { } address && IPAddress.TryParse(queue.Target.Split('/')[0], out var target) && target.Equals(address));

    private Task<IReadOnlyList<SimpleQueue>> NextReading(RunningSession session, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_readings.TryGetValue(session.RouterId, out var readings))
                _readings[session.RouterId] = readings = new Readings();
            return readings.Next ??= ReadAfterAsync(readings, session.TenantId, session.RouterId, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<SimpleQueue>> ReadAfterAsync(
        Readings readings, Guid tenantId, Guid routerId, CancellationToken cancellationToken)
    {
        // Yields in any case: the one who asks holds the gate until this task is noted as the next.
        await readings.UnderWay.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
            readings.Next = null;
        try
        {
            return await ReadAsync(tenantId, routerId, cancellationToken);
        }
        catch (Exception exception) when (exception is RouterOsException or CryptographicException)
        {
            LogNotRead(routerId, exception.Message);
            return [];
        }
        finally
        {
            readings.UnderWay.Release();
        }
    }

    private async Task<IReadOnlyList<SimpleQueue>> ReadAsync(Guid tenantId, Guid routerId, CancellationToken cancellationToken)
    {
        RouterEndpoint? endpoint;
        await using (var db = await database.OpenAsync(cancellationToken))
            endpoint = await endpoints.FindAsync(db, tenantId, routerId, cancellationToken);
        if (endpoint is null)
            return [];

        await using var router = await routers.ConnectAsync(endpoint, cancellationToken);
        return await router.DynamicQueuesAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Router {RouterId}: its queues could not be read back ({Reason}); its acknowledgement is believed")]
    private partial void LogNotRead(Guid routerId, string reason);

    /// <summary>Of one router: the reading that is under way, and the one that waits for it.</summary>
    private sealed class Readings
    {
        public SemaphoreSlim UnderWay { get; } = new(1);
        public Task<IReadOnlyList<SimpleQueue>>? Next { get; set; }
    }
}
