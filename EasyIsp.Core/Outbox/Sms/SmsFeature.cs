using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EasyIsp.Core.Outbox.Sms;

public static class SmsFeature
{
    /// <summary>The named <see cref="HttpClient"/>, for who must change its timeout.</summary>
    public const string HttpClientName = "sms";

    private const int MaxAnswerBytes = 256 * 1024;

    public static IServiceCollection AddSms(this IServiceCollection services)
    {
        services.TryAddSingleton<ISmsGateway, PartnerIdGateway>();

        // No resilience handler: a message that is sent again is paid for again.
        services.AddHttpClient(HttpClientName, client =>
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
