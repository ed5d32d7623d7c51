using Microsoft.Extensions.DependencyInjection;

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
    public static IServiceCollection AddHotspotWorkers(this IServiceCollection services) => services
        .AddScoped<HotspotSignIn>()
        .AddHostedService<HotspotLoginWorker>();
}
