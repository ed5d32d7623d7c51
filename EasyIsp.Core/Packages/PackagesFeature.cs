using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Packages;

public static class PackagesFeature
{
    public static IServiceCollection AddPackages(this IServiceCollection services) => services.AddScoped<PackageDesk>();
}
