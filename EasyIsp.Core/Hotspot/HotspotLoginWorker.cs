using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Hotspot;

/// <summary>Takes the login orders of all tenants. A router that does not answer holds up nobody but its own devices.</summary>
internal sealed partial class HotspotLoginWorker(
    OrderQueue orders, IServiceScopeFactory scopes, ChangeFeed feed, TimeProvider clock, ILogger<HotspotLoginWorker> logger)
    : QueueWorker(feed, "network_orders", TimeSpan.FromSeconds(2), clock, logger)
{
    private const int Batch = 16;

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var taken = await orders.TakeAsync(NetworkOrderKind.HotspotLogin, Batch, cancellationToken);
        await Parallel.ForEachAsync(
            taken,
            new ParallelOptions { MaxDegreeOfParallelism = Batch, CancellationToken = cancellationToken },
            async (order, token) => await CarryOutAsync(order, token));
        return taken.Count == Batch;
    }

    /// <summary>One order that fails in an unforeseen way comes back when its lease ends, and does not stop the others.</summary>
    private async Task CarryOutAsync(NetworkOrder order, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<TenantContext>().Use(order.TenantId);
            var report = await scope.ServiceProvider.GetRequiredService<HotspotSignIn>().CarryOutAsync(order, cancellationToken);
            await orders.ReportAsync([OrderResult.Of(order, report)], cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, order.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Login order {OrderId} failed; it is tried again when its lease ends")]
    private partial void LogFailed(Exception exception, Guid orderId);
}
