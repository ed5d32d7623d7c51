using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Statistics;

public static class StatisticsFeature
{
    public static IServiceCollection AddStatistics(this IServiceCollection services) => services
        .AddSingleton<SessionRollUp>()
        .AddSingleton<SessionStatisticsJob>();
}
