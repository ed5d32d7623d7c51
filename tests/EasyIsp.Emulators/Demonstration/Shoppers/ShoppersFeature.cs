namespace EasyIsp.Emulators.Demonstration.Shoppers;

internal static class ShoppersFeature
{
    /// <summary>Needs the routers to be added before: people come when these are up, and stop before them.</summary>
    public static IServiceCollection AddShoppers(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<ShoppersOptions>(configuration.GetSection(ShoppersOptions.Section));
        services.AddSingleton<DemoShoppers>();
        services.AddHostedService(provider => provider.GetRequiredService<DemoShoppers>());
        return services;
    }
}
