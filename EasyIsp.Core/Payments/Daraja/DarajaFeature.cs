using EasyIsp.Core.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EasyIsp.Core.Payments.Daraja;

public static class DarajaFeature
{
    /// <summary>The named <see cref="HttpClient"/>, for who must change its timeout.</summary>
    public const string HttpClientName = "daraja";

    /// <summary>
    /// Registers <see cref="IDarajaClient"/>. An <see cref="ITokenStore"/> that is registered before this one wins, so
    /// that several processes can share their tokens.
    /// </summary>
    public static IServiceCollection AddDaraja(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITokenStore, MemoryTokenStore>();
        services.TryAddSingleton<DarajaTokens>();
        services.TryAddSingleton<DarajaTransport>();
        services.TryAddSingleton<IDarajaClient, DarajaClient>();
        services.TryAddSingleton<IDarajaOperations, DarajaOperations>();
        return services.AddProviderHttpClient(HttpClientName);
    }
}
