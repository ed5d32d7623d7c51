using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Reports;

public static class ReportsFeature
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddScoped<CustomerHistory>()
        .AddScoped<CustomerList>()
        .AddScoped<CustomerOverview>()
        .AddScoped<CustomerStatistics>()
        .AddScoped<CustomerUsage>()
        .AddScoped<FirstSteps>()
        .AddScoped<LoginDiagnosis>()
        .AddScoped<PackageList>()
        .AddScoped<QuickSearch>()
        .AddScoped<RouterList>()
        .AddScoped<SessionStatistics>()
        .AddScoped<TodayReport>();
}
