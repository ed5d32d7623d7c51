using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Sessions;

public static class SessionsFeature
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<SessionsOptions>().BindConfiguration(SessionsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SessionsOptions>, SessionsOptionsValidator>();
        return services
            .AddScoped<SessionLists>()
            .AddScoped<SessionNews>()
            .AddScoped<LoginLists>()
            .AddScoped<LoginTestDesk>()
            .AddSingleton<LoginTestQueue>()
            .AddSingleton<StaleSessionsJob>()
            .AddSingleton<OldLoginsJob>()
            .AddSingleton<OldLoginTestsJob>();
    }
}
