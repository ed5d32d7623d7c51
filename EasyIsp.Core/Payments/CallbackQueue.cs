using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>The stored callbacks that nobody has read yet, over all tenants. The table is the queue; nothing is kept in memory.</summary>
public sealed class CallbackQueue(PlatformDatabase platform, TenantRounds rounds, TimeProvider clock)
{
    private const int Batch = 200;
    private const int AtOnce = 4;

    /// <summary>
    /// One walk through all that wait, oldest first. A message that cannot be read stays for the next walk, and neither
    /// holds up the newer ones nor makes the walk go round in circles.
    /// </summary>
    /// <returns>How many waited.</returns>
    public async Task<int> ReadWaitingAsync(CancellationToken cancellationToken)
    {
        var (seen, last) = (0, Guid.Empty);
        while (await WaitingAsync(last, cancellationToken) is { Count: > 0 } page)
        {
            await rounds.ForEachAsync<CallbackReading>(
                page, AtOnce, (reading, message, token) => reading.ReadAsync(message, token), cancellationToken);
            (seen, last) = (seen + page.Count, page[^1].Id);
        }

        return seen;
    }

    private async Task<List<RowKey>> WaitingAsync(Guid after, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.ProviderMessages.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(m => m.ProcessedAt == null && m.Id > after && (m.ReadAgainAt == null || m.ReadAgainAt <= now))
            .OrderBy(m => m.Id)
            .Take(Batch)
            .Select(m => new RowKey(m.TenantId, m.Id))
            .ToListAsync(cancellationToken);
    }
}
