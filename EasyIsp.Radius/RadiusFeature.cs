using EasyIsp.Core.Subscriptions;
using EasyIsp.Radius.Attempts;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Orders;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.RadSec;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Spool;
using EasyIsp.Radius.Subscribers;
using EasyIsp.Radius.Trials;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius;

internal static class RadiusFeature
{
    /// <summary>The whole worker, on top of Core. It runs as hosted services; what feeds the ports starts before them.</summary>
    public static IServiceCollection AddRadius(this IServiceCollection services)
    {
        services.AddOptions<RadiusOptions>().BindConfiguration(RadiusOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RadSecOptions>().BindConfiguration(RadSecOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddHealthChecks().AddCheck<NasDirectoryHealth>("routers", tags: ["ready"]).AddCheck<SpoolHealth>("spool").AddCheck<ServerCertificate>("radsec");
        return services
            .AddSingleton<RadiusMetrics>()
            .AddRouters()
            .AddSubscribers()
            .AddSessions()
            .AddSpool()
            .AddOrders()
            .AddAttempts()
            .AddPorts()
            .AddTrials()
            .AddRadSec();
    }

    private static IServiceCollection AddRouters(this IServiceCollection services) => services
        .AddSingleton<NasDirectory>()
        .AddSingleton<NasMetrics>()
        .AddSingleton<UnknownSources>()
        .AddSingleton<NasHeartbeat>()
        .AddHostedService<NasRefresher>()
        .AddHostedService(provider => provider.GetRequiredService<NasHeartbeat>())
        .AddHostedService(provider => provider.GetRequiredService<UnknownSources>());

    private static IServiceCollection AddSubscribers(this IServiceCollection services) => services
        .AddSingleton<SubscriberReader>()
        .AddSingleton<SubscriberDirectory>()
        .AddSingleton<PatientDatabase>()
        .AddSingleton<LoginFactsReader>()
        .AddSingleton<DeviceBinder>()
        .AddSingleton<AccessSettings>()
        .AddHostedService(provider => provider.GetRequiredService<AccessSettings>())
        .AddSingleton<VoucherReader>()
        .AddSingleton<VoucherRedeemer>()
        .AddSingleton<LoginFinder>();

    private static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<Places>()
        .AddSingleton<PlacesReader>()
        .AddHostedService<PlacesFeed>()
        .AddHostedService<Surplus>()
        .AddSingleton<SessionOwners>()
        .AddSingleton<TenantDays>()
        .AddSingleton<DataWatch>()
        .AddHostedService(provider => provider.GetRequiredService<DataWatch>())
        .AddSingleton<FreshSessions>()
        .AddHostedService(provider => provider.GetRequiredService<FreshSessions>())
        .AddSingleton<PlainReports>()
        .AddSingleton<SessionStore>()
        .AddSingleton<AccountingWriter>()
        .AddHostedService(provider => provider.GetRequiredService<AccountingWriter>());

    private static IServiceCollection AddSpool(this IServiceCollection services) => services
        .AddSingleton<NewsCodec>()
        .AddSingleton<AccountingSpool>()
        .AddSingleton<SpoolMetrics>()
        .AddSingleton<SpoolReplay>()
        .AddHostedService(provider => provider.GetRequiredService<SpoolReplay>());

    private static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<RunningSessions>()
        .AddSingleton<PresentTerms>()
        .AddSingleton<RouterDoors>()
        .AddSingleton<OrderMetrics>()
        .AddSingleton<CoaClient>()
        .AddSingleton<RouterTalk>()
        .AddSingleton<QueueCheck>()
        .AddSingleton<SessionEnder>()
        .AddSingleton<SessionChanger>()
        .AddSingleton<OrderReports>()
        .AddHostedService(provider => provider.GetRequiredService<OrderReports>())
        .AddSubscriptionsWorkers()
        .AddHostedService<OrderWorker>();

    private static IServiceCollection AddAttempts(this IServiceCollection services) => services
        .AddSingleton<LoginLogMetrics>()
        .AddSingleton<LoginLogStore>()
        .AddSingleton<LoginLog>()
        .AddHostedService(provider => provider.GetRequiredService<LoginLog>());

    private static IServiceCollection AddTrials(this IServiceCollection services) => services
        .AddSingleton<VoucherRehearsal>()
        .AddSingleton<LoginTrials>()
        .AddHostedService<LoginTestWorker>();

    private static IServiceCollection AddRadSec(this IServiceCollection services) => services
        .AddSingleton<RadSecMetrics>()
        .AddSingleton<ServerCertificate>()
        .AddSingleton<Handshake>()
        .AddSingleton<RadSecPort>()
        .AddHostedService(provider => provider.GetRequiredService<ServerCertificate>())
        .AddHostedService(provider => provider.GetRequiredService<RadSecPort>());

    private static IServiceCollection AddPorts(this IServiceCollection services) => services
        .AddSingleton<StatusServerLimit>()
        .AddSingleton<LoginMetrics>()
        .AddSingleton<ILoginEffects, LoginEffects>()
        .AddSingleton<LoginJudge>()
        .AddSingleton<Admission>()
        .AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<RadiusOptions>>().Value;
            return new FairLine(options.LookUpsAtOnce, options.LookUpPatience, provider.GetRequiredService<TimeProvider>());
        })
        .AddSingleton<AccessRequestHandler>()
        .AddSingleton<AccountingRequestHandler>()
        .AddSingleton<RadiusPorts>()
        .AddHostedService(provider => provider.GetRequiredService<RadiusPorts>());
}
