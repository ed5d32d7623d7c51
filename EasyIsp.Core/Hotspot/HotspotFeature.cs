using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Hotspot;

public static class HotspotFeature
{
    public static IServiceCollection AddHotspot(this IServiceCollection services) => services
        .AddScoped<HotspotVisits>()
        .AddScoped<HotspotOffers>()
        .AddScoped<HotspotAccess>()
        .AddScoped<HotspotLogin>();
}
