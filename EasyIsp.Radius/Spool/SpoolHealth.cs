using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EasyIsp.Radius.Spool;

/// <summary>Records that wait on disk are no reason to send routers away, and one for somebody to look.</summary>
internal sealed class SpoolHealth(AccountingSpool spool) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(spool.Age is { } age
            ? HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"{spool.Records} accounting records wait on disk, the first for {age.TotalSeconds:0} s."))
            : HealthCheckResult.Healthy());
}
