using EasyIsp.Core.Auditing;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core;

/// <summary>Every feature of the domain, as each process of the product needs them; keys and workers are added by the process.</summary>
public static class CoreFeatures
{
    public static IServiceCollection AddCore(this IServiceCollection services, IConfiguration configuration) => services
        .AddPersistence(configuration)
        .AddAuditing()
        .AddLedger();
}
