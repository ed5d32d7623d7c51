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

    /// <param name="homes">Who pays.</param>
    public static IServiceCollection AddHomePayers(this IServiceCollection services, IConfiguration configuration, IEnumerable<HomePayer> homes)
    {
        services.Configure<HomePayersOptions>(configuration.GetSection(HomePayersOptions.Section));
        services.Configure<HomePayersOptions>(options =>
        {
            foreach (var home in homes)
                options.Homes.Add(home);
        });
        services.AddHostedService<HomePayers>();
        return services;
    }
}
