using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Subscriptions;

public static class SubscriptionsFeature
{
    public static IServiceCollection AddSubscriptions(this IServiceCollection services) => services
        .AddSingleton<Selling>()
        .AddSingleton<LoginTokens>()
        .AddSingleton<ExpiryJob>()
        .AddSingleton<DataLimits>()
        .AddSingleton<SpentTokensJob>()
        .AddScoped<AccessControl>()
        .AddScoped<SellDesk>();

    /// <summary>Brings what a package says now to the sessions that have it; runs in the process that tells the routers.</summary>
    public static IServiceCollection AddSubscriptionsWorkers(this IServiceCollection services)
        => services.AddHostedService<PackageRollout>();
}
