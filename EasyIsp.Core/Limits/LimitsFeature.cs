using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Limits;

public static class LimitsFeature
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<LimitOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(LimitOptions.Section).Bind(options.Rules))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        return services.AddSingleton<TryLimiter>().AddScoped<SpentBucketsJob>();
    }
}
