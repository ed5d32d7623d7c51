using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Core.Routers.RouterOs;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Routers;

public static class RoutersFeature
{
    public static IServiceCollection AddRouters(this IServiceCollection services) => services
        .AddSingleton<IRouterConnector, RouterConnector>()
        .AddSingleton<RouterEndpoints>()
        .AddScoped<RouterDesk>()
        .AddScoped<UnknownRouterDesk>()
        .AddScoped<SilentUnknownRoutersJob>()
        .AddScoped<EndedSecretsJob>()
        .AddSingleton<CertificateAuthority>()
        .AddScoped<RadSecDesk>();
}
