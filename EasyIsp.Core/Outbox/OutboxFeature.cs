using EasyIsp.Core.Outbox.Sms;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Outbox;

public static class OutboxFeature
{
    public static IServiceCollection AddOutbox(this IServiceCollection services) => services
        .AddSms()
        .AddSingleton<MessageQueue>()
        .AddSingleton<MessageSender>()
        .AddScoped<MessageLists>()
        .AddScoped<SmsAccounts>();

    /// <summary>Sends messages while the process runs; any number of processes may.</summary>
    public static IServiceCollection AddOutboxWorkers(this IServiceCollection services)
        => services.AddHostedService<MessageWorker>();
}
