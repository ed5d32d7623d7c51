using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EasyIsp.Radius.Routers;

/// <summary>The worker can answer once it knows the routers, from then on also while the database is away.</summary>
internal sealed class NasDirectoryHealth(NasDirectory directory) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(directory.IsLoaded
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The routers have not been read yet."));
}
