using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Payments.Paystack;

internal static class PaystackFeature
{
    public static IServiceCollection AddPaystack(this IServiceCollection services) => services
        .AddProviderHttpClient(PaystackTransport.HttpClientName)
        .AddSingleton<PaystackTransport>()
        .AddSingleton<PaystackProvider>()
        .AddSingleton<IPaymentProvider>(all => all.GetRequiredService<PaystackProvider>())
        .AddSingleton(all => new PaystackKeyTest(all.GetRequiredService<PaystackProvider>()))
        .AddScoped<PaystackAccounts>();
}
