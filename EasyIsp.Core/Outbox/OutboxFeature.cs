using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Outbox;

public static class OutboxFeature
{
    public static IServiceCollection AddOutbox(this IServiceCollection services) => services;
}
