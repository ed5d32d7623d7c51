using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EasyIsp.Emulators.Routers;

/// <summary>The emulated routers of one process: section <c>Network</c> of the configuration.</summary>
public sealed class EmulatedRoutersOptions
{
    public const string Section = "Network";

    public IList<EmulatedRouterOptions> Routers { get; } = [];

    /// <summary>The people behind each router, by its name; may be filled in code after the options are bound.</summary>
    public IDictionary<string, EmulatedPeopleOptions> People { get; } = new Dictionary<string, EmulatedPeopleOptions>(StringComparer.Ordinal);
}

public static class RoutersFeature
{
    /// <summary>Runs the configured routers and the people behind them; <see cref="EmulatedRouters"/> finds them.</summary>
    public static IServiceCollection AddRouters(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EmulatedRoutersOptions>(configuration.GetSection(EmulatedRoutersOptions.Section));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EmulatedRouters>();
        services.AddHostedService(provider => provider.GetRequiredService<EmulatedRouters>());
        return services;
    }
}

/// <summary>Starts the routers with the process and ends their sessions in good order with it.</summary>
public sealed partial class EmulatedRouters(
    IOptions<EmulatedRoutersOptions> options, TimeProvider clock, ILogger<EmulatedRouters> logger) : BackgroundService, IAsyncDisposable
{
    private readonly List<EmulatedRouter> _routers = [];

    public IReadOnlyList<EmulatedRouter> All => _routers;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var router in options.Value.Routers.Select(one => new EmulatedRouter(one, clock)))
        {
            _routers.Add(router);
            await router.StartAsync(cancellationToken);
            LogStarted(router.Options.Name, router.Options.Address, router.HotspotUrl);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await Task.WhenAll(_routers.Select(router => router.ShutDownAsync(cancellationToken)));
        }
        catch (OperationCanceledException)
        {
            LogImpatient();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var router in _routers)
            await router.DisposeAsync();
        // The container knows this object twice, as itself and as a hosted service, and disposes of it twice.
        _routers.Clear();
        Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(_routers
            .Where(router => options.Value.People.ContainsKey(router.Options.Name))
            .Select(router => new EmulatedPeople(router, options.Value.People[router.Options.Name], clock).RunAsync(stoppingToken)));

    [LoggerMessage(LogLevel.Information, "Router {Name} is up at {Address}, its hotspot at {HotspotUrl}")]
    private partial void LogStarted(string name, string address, string hotspotUrl);

    [LoggerMessage(LogLevel.Warning, "Some routers stopped before their accounting was answered")]
    private partial void LogImpatient();
}
