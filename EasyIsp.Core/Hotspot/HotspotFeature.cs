using EasyIsp.Core.Routers.RouterOs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EasyIsp.Core.Hotspot;

public static class HotspotFeature
{
    public static IServiceCollection AddHotspot(this IServiceCollection services) => services
        .AddScoped<HotspotVisits>()
        .AddScoped<HotspotOffers>()
        .AddScoped<HotspotAccess>()
        .AddScoped<HotspotLogin>()
        .AddSingleton<OldVisitsJob>();

    /// <summary>Brings devices online by their routers' API; runs in the process that reaches the routers.</summary>
    public static IServiceCollection AddHotspotWorkers(this IServiceCollection services)
    {
        services.TryAddSingleton<IRouterConnector, RouterConnector>();
        return services
            .AddScoped<HotspotSignIn>()
            .AddHostedService<HotspotLoginWorker>();
    }
}
