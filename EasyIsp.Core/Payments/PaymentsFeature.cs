using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Sms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Payments;

public static class PaymentsFeature
{
    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddDaraja()
        .AddMoneySms()
        .AddSingleton<Settlement>()
        .AddSingleton<Deposits>()
        .AddSingleton<ConfirmationReading>()
        .AddSingleton<PendingPayments>()
        .AddSingleton<CallbackAddresses>()
        .AddScoped<CallbackInbox>()
        .AddScoped<CallbackReading>()
        .AddScoped<DepositValidation>()
        .AddScoped<C2bRegistrations>()
        .AddScoped<SuspenseDesk>()
        .AddScoped<SuspenseList>()
        .AddScoped<FlaggedDesk>()
        .AddScoped<FlaggedList>()
        .AddScoped<PaymentAccounts>()
        .AddScoped<PaymentInquiry>()
        .AddScoped<PaymentList>()
        .AddScoped<PaymentTimeline>()
        .AddScoped<PromptDelivery>()
        .AddScoped<Prompts>();

    /// <summary>Sends prompts and reads callbacks, in the process that receives them.</summary>
    public static IServiceCollection AddPaymentsWorkers(this IServiceCollection services)
    {
        services.AddOptions<PaymentsOptions>().BindConfiguration(PaymentsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PaymentsOptions>, PaymentsOptionsValidator>();
        services.AddSingleton<PromptSender>();
        services.AddSingleton<CallbackQueue>();
        services.AddHostedService<PromptWorker>();
        services.AddHostedService<CallbackWorker>();
        return services.AddMoneySmsWorkers();
    }
}
