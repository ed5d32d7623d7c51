using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>SMS about money that phones pass on and staff paste. Nothing of it sends SMS: that is the outbox.</summary>
public static class MoneySmsFeature
{
    internal static IServiceCollection AddMoneySms(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<MoneySmsMetrics>()
        .AddSingleton<MoneySmsBooking>()
        .AddSingleton<MoneySmsJoining>()
        .AddSingleton<OldMoneySmsJob>()
        .AddSingleton<ForwardingAddresses>()
        .AddSingleton<MoneySmsQueue>()
        .AddScoped<ForwardingDoor>()
        .AddScoped<ForwardingDesk>()
        .AddScoped<SmsTemplateDesk>()
        .AddScoped<MoneySmsReading>()
        .AddScoped<MoneySmsList>()
        .AddScoped<MoneySmsDesk>()
        .AddScoped<SmsPasting>();

    /// <summary>Reads them, in the process that receives them.</summary>
    internal static IServiceCollection AddMoneySmsWorkers(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<MoneySmsHealth>("money-sms");
        services.AddHostedService<MoneySmsWorker>();
        return services;
    }
}
