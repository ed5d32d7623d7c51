using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EasyIsp.Core.Shared.Hosting;

/// <summary>The addresses that a supervisor, a load balancer and a person ask.</summary>
public static class ProcessHealth
{
    internal const string ReadyTag = "ready";

    /// <summary>
    /// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work. <c>/health</c>: each check
    /// with its state, and no secret. <c>/metrics</c>: figures for Prometheus.
    /// </summary>
    public static void MapProcessHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/health/live", _ => false);
        endpoints.Map("/health/ready", check => check.Tags.Contains(ReadyTag));
        endpoints.Map("/health", _ => true);
        endpoints.MapPrometheusScrapingEndpoint().AllowAnonymous();
    }

    private static void Map(this IEndpointRouteBuilder endpoints, string path, Func<HealthCheckRegistration, bool> counts)
        => endpoints.MapHealthChecks(path, new HealthCheckOptions { Predicate = counts, ResponseWriter = WriteAsync }).AllowAnonymous();

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new { status = entry.Value.Status.ToString(), reason = entry.Value.Description }),
        },
        JsonSerializerOptions.Web,
        context.RequestAborted);
}
