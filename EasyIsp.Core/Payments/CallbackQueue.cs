using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments;

/// <summary>The stored callbacks that nobody has read yet, over all tenants. The table is the queue; nothing is kept in memory.</summary>
public sealed partial class CallbackQueue(PlatformDatabase platform, IServiceScopeFactory scopes, ILogger<CallbackQueue> logger)
{
    internal const int Batch = 200;
    private const int AtOnce = 4;

    /// <returns>How many waited; more may when it is a full batch.</returns>
    public async Task<int> ReadWaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = await WaitingAsync(cancellationToken);
        await Parallel.ForEachAsync(
            waiting,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (message, token) => await ReadOneAsync(message, token));
        return waiting.Count;
    }

    /// <summary>One message that fails (the database's own refusal, a bug) must not hold up the others; it is tried again.</summary>
    private async Task ReadOneAsync(RowKey message, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<TenantContext>().Use(message.TenantId);
            await scope.ServiceProvider.GetRequiredService<CallbackReading>().ReadAsync(message.Id, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, message.Id);
        }
    }

    private async Task<List<RowKey>> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.ProviderMessages.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(m => m.ProcessedAt == null)
            .OrderBy(m => m.ReceivedAt)
            .Take(Batch)
            .Select(m => new RowKey(m.TenantId, m.Id))
            .ToListAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Callback {MessageId} could not be read; it stays and is tried again")]
    private partial void LogFailed(Exception exception, Guid messageId);
}
