using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Sessions;

public static class SessionsFeature
{
    public static IServiceCollection AddSessions(this IServiceCollection services) => services;
}
