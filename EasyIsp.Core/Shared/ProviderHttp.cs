using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Shared;

internal static class ProviderHttp
{
    private const int MaxAnswerBytes = 256 * 1024;

    /// <summary>
    /// For a provider that takes money or sends messages: it is waited for twenty seconds, never asked again by itself
    /// (what is sent twice may be paid twice), not followed elsewhere, and not logged: headers hold its secrets.
    /// </summary>
    public static IServiceCollection AddProviderHttpClient(this IServiceCollection services, string name)
    {
        services.AddHttpClient(name, client =>
            {
                client.Timeout = TimeSpan.FromSeconds(20);
                client.MaxResponseContentBufferSize = MaxAnswerBytes;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .RemoveAllLoggers();
        return services;
    }
}
