using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>The stored SMS that nobody has read yet, over all tenants. The table is the queue.</summary>
public sealed class MoneySmsQueue(PlatformDatabase platform, TenantRounds rounds)
{
    private const int Batch = 200;
    private const int AtOnce = 2;

    /// <summary>One walk through all that wait, oldest first; what cannot be read stays for the next walk.</summary>
    /// <returns>How many waited.</returns>
    public async Task<int> ReadWaitingAsync(CancellationToken cancellationToken)
    {
        var (seen, last) = (0, Guid.Empty);
        while (await WaitingAsync(last, cancellationToken) is { Count: > 0 } page)
        {
            await rounds.ForEachAsync<MoneySmsReading>(
                page, AtOnce, (reading, sms, token) => reading.ReadAsync(sms, token), cancellationToken);
            (seen, last) = (seen + page.Count, page[^1].Id);
        }

        return seen;
    }

    private async Task<List<RowKey>> WaitingAsync(Guid after, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.MoneySms.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(s => s.ProcessedAt == null && s.Id > after)
            .OrderBy(s => s.Id)
            .Take(Batch)
            .Select(s => new RowKey(s.TenantId, s.Id))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>Reads SMS the moment they are stored.</summary>
internal sealed class MoneySmsWorker(MoneySmsQueue queue, ChangeFeed feed, TimeProvider clock, ILogger<MoneySmsWorker> logger)
    : QueueWorker(feed, "money_sms", TimeSpan.FromSeconds(5), clock, logger)
{
    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        await queue.ReadWaitingAsync(cancellationToken);
        return false;
    }
}

/// <summary>SMS are read soon after they are stored; else money waits that customers see as paid.</summary>
internal sealed class MoneySmsHealth(PlatformDatabase platform, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var before = clock.GetUtcNow() - Patience;
        try
        {
            await using var db = await platform.OpenAsync(cancellationToken);
            return await db.MoneySms.IgnoreQueryFilters([QueryFilters.Tenant])
                .AnyAsync(s => s.ProcessedAt == null && s.ReceivedAt < before, cancellationToken)
                    ? HealthCheckResult.Degraded("Forwarded SMS wait unread for two minutes and more.")
                    : HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
        {
            return HealthCheckResult.Degraded("The database does not answer.");
        }
    }
}
