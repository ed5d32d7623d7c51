using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>The stored callbacks that nobody has read yet, over all tenants. The table is the queue; nothing is kept in memory.</summary>
public sealed class CallbackQueue(PlatformDatabase platform, TenantRounds rounds)
{
    internal const int Batch = 200;
    private const int AtOnce = 4;

    /// <returns>How many waited; more may when it is a full batch.</returns>
    public async Task<int> ReadWaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = await WaitingAsync(cancellationToken);
        await rounds.ForEachAsync<CallbackReading>(
            waiting, AtOnce, (reading, message, token) => reading.ReadAsync(message, token), cancellationToken);
        return waiting.Count;
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
}
