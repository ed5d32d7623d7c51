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
}
