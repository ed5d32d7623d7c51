using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Orders;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius;

internal static class RadiusFeature
{
    /// <summary>The whole worker, on top of Core. It runs as hosted services; what feeds the ports starts before them.</summary>
    public static IServiceCollection AddRadius(this IServiceCollection services)
    {
        services.AddOptions<RadiusOptions>().BindConfiguration(RadiusOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddHealthChecks().AddCheck<NasDirectoryHealth>("routers", tags: ["ready"]);
        return services
            .AddSingleton<RadiusMetrics>()
            .AddRouters()
            .AddSubscribers()
            .AddSessions()
            .AddOrders()
            .AddPorts();
    }

    private static IServiceCollection AddRouters(this IServiceCollection services) => services
        .AddSingleton<NasDirectory>()
        .AddSingleton<UnknownSources>()
        .AddSingleton<NasHeartbeat>()
        .AddHostedService<NasRefresher>()
        .AddHostedService(provider => provider.GetRequiredService<NasHeartbeat>())
        .AddHostedService(provider => provider.GetRequiredService<UnknownSources>());

    private static IServiceCollection AddSubscribers(this IServiceCollection services) => services
        .AddSingleton<SubscriberReader>()
        .AddSingleton<SubscriberDirectory>()
        .AddSingleton<LoginFactsReader>()
        .AddSingleton<VoucherReader>()
        .AddSingleton<VoucherRedeemer>()
        .AddSingleton<LoginFinder>();

    private static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<GrantedLogins>()
        .AddSingleton<SessionOwners>()
        .AddSingleton<SessionStore>()
        .AddSingleton<AccountingWriter>()
        .AddHostedService(provider => provider.GetRequiredService<AccountingWriter>());

    private static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<RunningSessions>()
        .AddSingleton<CoaClient>()
        .AddHostedService<DisconnectWorker>();

    private static IServiceCollection AddPorts(this IServiceCollection services) => services
        .AddSingleton<LoginMetrics>()
        .AddSingleton<LoginJudge>()
        .AddSingleton<AccessRequestHandler>()
        .AddSingleton<AccountingRequestHandler>()
        .AddSingleton<RadiusPorts>()
        .AddHostedService(provider => provider.GetRequiredService<RadiusPorts>());
}
