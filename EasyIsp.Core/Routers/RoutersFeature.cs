using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Routers;

public static class RoutersFeature
{
    public static IServiceCollection AddRouters(this IServiceCollection services) => services.AddScoped<RouterDesk>();
}
