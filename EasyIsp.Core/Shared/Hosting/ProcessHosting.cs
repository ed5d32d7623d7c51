using System.Diagnostics.Metrics;
using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace EasyIsp.Core.Shared.Hosting;

/// <summary>What every process of the product has alike: a clock, logs, figures and health.</summary>
public static class ProcessHosting
{
    /// <summary>Of a request's body, where nothing smaller is said. Files go over circuits, each with a limit of its own.</summary>
    public const long MostBytes = 1024 * 1024;

    private const int MostTags = 200;

    /// <param name="readyWithoutDatabase">
    /// True where the process serves from its cache while the database is away (RADIUS): the database then counts for
    /// <c>/health</c> but not for <c>/health/ready</c>.
    /// </param>
    public static WebApplicationBuilder AddProcessHosting(this WebApplicationBuilder builder, bool readyWithoutDatabase = false)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLogs();
        builder.AddTrustedProxies();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytes;
        });
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddRuntimeInstrumentation()
            .AddMeter("Npgsql", "EasyIsp.*")
            .AddView(RoomFor)
            .AddPrometheusExporter());

        string[] databaseTags = readyWithoutDatabase ? [] : [ProcessHealth.ReadyTag];
        builder.Services.AddSingleton<DatabaseHealth>();
        builder.Services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", tags: databaseTags)
            .AddCheck<ChangeFeedHealth>("changes", tags: databaseTags);
        builder.Services.AddPersistenceWorkers();
        return builder;
    }

    /// <summary>
    /// Room for each instrument's combinations of tags is taken at once, and for two thousand unless it is said otherwise: of
    /// ours none has more than a few dozen. Those of requests have the routes, and keep it.
    /// </summary>
    private static MetricStreamConfiguration? RoomFor(Instrument instrument)
        => instrument.Meter.Name.StartsWith("Microsoft.", StringComparison.Ordinal) ? null : new MetricStreamConfiguration { CardinalityLimit = MostTags };

    /// <summary>
    /// Compact JSON lines on the console. ASP.NET Core logs paths at Information, and some paths carry a provider's
    /// secret, so it is heard from Warning on; the <c>Serilog</c> section may change the rest. The path that it lays around
    /// every line of a request is taken off again.
    /// </summary>
    private static void AddLogs(this WebApplicationBuilder builder) => builder.Services.AddSerilog(
        (_, logs) => logs
            .Quiet()
            .WriteTo.Console(new CompactJsonFormatter())
            .ReadFrom.Configuration(builder.Configuration),
        preserveStaticLogger: true);

    internal static LoggerConfiguration Quiet(this LoggerConfiguration logs) => logs
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Warning)
        .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
        .MinimumLevel.Override("Polly", LogEventLevel.Warning)
        .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
        .Enrich.FromLogContext()
        .Enrich.With<PathOff>();

    /// <summary>A client's address is believed from a header only when <c>TrustedProxies</c> names the sender.</summary>
    private static void AddTrustedProxies(this WebApplicationBuilder builder)
    {
        var proxies = builder.Configuration.GetSection("TrustedProxies").Get<string[]>() ?? [];
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = proxies.Length == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // As many as stand in a row: each is believed only when it is named.
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in proxies)
                options.KnownIPNetworks.Add(ToNetwork(proxy));
        });
    }

    private static System.Net.IPNetwork ToNetwork(string proxy)
    {
        if (proxy.Contains('/', StringComparison.Ordinal))
            return System.Net.IPNetwork.Parse(proxy);

        var address = System.Net.IPAddress.Parse(proxy);
        return new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
