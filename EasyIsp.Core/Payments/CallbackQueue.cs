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
    public Task<int> ReadWaitingAsync(CancellationToken cancellationToken) => ReadSinceAsync(DateTimeOffset.UnixEpoch, cancellationToken);

    /// <summary>As <see cref="ReadWaitingAsync"/>, past what was received before, and past the index's traces of what has been read since.</summary>
    public async Task<int> ReadSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var (seen, from, last) = (0, since, Guid.Empty);
        while (await WaitingAsync(from, last, cancellationToken) is { Count: > 0 } page)
        {
            await rounds.ForEachAsync<CallbackReading>(
                page.ConvertAll(message => message.Key), AtOnce, (reading, message, token) => reading.ReadAsync(message, token), cancellationToken);
            (seen, from, last) = (seen + page.Count, page[^1].ReceivedAt, page[^1].Key.Id);
        }

        return seen;
    }

    private async Task<List<Waiting>> WaitingAsync(DateTimeOffset from, Guid after, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.ProviderMessages.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(m => m.ProcessedAt == null && (m.ReadAgainAt == null || m.ReadAgainAt <= now))
            .Where(m => EF.Functions.GreaterThan(ValueTuple.Create(m.ReceivedAt, m.Id), ValueTuple.Create(from, after)))
            .OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id)
            .Take(Batch)
            .Select(m => new Waiting(m.ReceivedAt, new RowKey(m.TenantId, m.Id)))
            .ToListAsync(cancellationToken);
    }

    private sealed record Waiting(DateTimeOffset ReceivedAt, RowKey Key);
}
