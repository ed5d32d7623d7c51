using EasyIsp.Core.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EasyIsp.Core.Outbox.Sms;

public static class SmsFeature
{
    /// <summary>The named <see cref="HttpClient"/>, for who must change its timeout.</summary>
    public const string HttpClientName = "sms";

    public static IServiceCollection AddSms(this IServiceCollection services)
    {
        services.TryAddSingleton<ISmsGateway, PartnerIdGateway>();
        return services.AddProviderHttpClient(HttpClientName);
    }
}
