using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EasyIsp.Radius.Spool;

/// <summary>Records that wait long for the database are no reason to send routers away, and one for somebody to look.</summary>
internal sealed class SpoolHealth(AccountingSpool spool) : IHealthCheck
{
    /// <summary>In the ordinary course none waits for longer.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(spool.Age is { } age && age > Long
            ? HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"{spool.Records} accounting records wait on disk, the first for {age.TotalSeconds:0} s."))
            : HealthCheckResult.Healthy());
}
