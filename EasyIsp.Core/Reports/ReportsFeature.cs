using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Reports;

public static class ReportsFeature
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddScoped<QuickSearch>()
        .AddScoped<TodayReport>()
        .AddScoped<CustomerList>()
        .AddScoped<CustomerOverview>()
        .AddScoped<CustomerHistory>()
        .AddScoped<PackageList>()
        .AddScoped<RouterList>();
}
