using EasyIsp.Core.Payments.Claims;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Paystack;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Reconciliation.Daily;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Payments;

public static class PaymentsFeature
{
    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddSingleton<ITokenStore, DatabaseTokenStore>()
        .AddDaraja()
        .AddProviders()
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
        .AddScoped<CounterAccounts>()
        .AddScoped<CounterDesk>()
        .AddScoped<SuspenseDesk>()
        .AddScoped<SuspenseList>()
        .AddScoped<FlaggedDesk>()
        .AddScoped<FlaggedList>()
        .AddScoped<AccountPlaces>()
        .AddScoped<PaymentAccounts>()
        .AddScoped<PaymentInquiry>()
        .AddScoped<PaymentList>()
        .AddScoped<ReceivedPayments>()
        .AddScoped<PaymentTimeline>()
        .AddScoped<PromptDelivery>()
        .AddScoped<Prompts>()
        .AddScoped<PromptDesk>()
        .AddScoped<PayCodes>()
        .AddProviderOrders()
        .AddReconciliation()
        .AddRefunds();

    private static IServiceCollection AddProviders(this IServiceCollection services) => services
        .AddSingleton<IPaymentProvider, DarajaProvider>()
        .AddPaystack()
        .AddSingleton<PaymentProviders>()
        .AddSingleton<PromptBooking>()
        .AddScoped<HintReading>();

    private static IServiceCollection AddProviderOrders(this IServiceCollection services) => services
        .AddSingleton<ProviderMetrics>()
        .AddSingleton<OrderBook>()
        .AddSingleton<SilentOrders>()
        .AddSingleton<DailyBalances>()
        .AddScoped<OrderDelivery>()
        .AddScoped<OrderInquiry>()
        .AddScoped<ResultReading>()
        .AddScoped<InitiatorDesk>()
        .AddScoped<IOrderOutcome, InitiatorProof>()
        .AddScoped<IOrderOutcome, ClaimedReceipts>()
        .AddScoped<ReceiptClaims>()
        .AddSingleton<StatementBooking>()
        .AddSingleton<StatementPulls>()
        .AddScoped<StatementPulling>()
        .AddScoped<PullDesk>()
        .AddScoped<CallbackRotation>();

    private static IServiceCollection AddReconciliation(this IServiceCollection services) => services
        .AddScoped<ReconciliationReport>()
        .AddScoped<ReconciliationDesk>()
        .AddSingleton<ReportSigning>()
        .AddSingleton<DailyReports>()
        .AddScoped<DailyReportPost>()
        .AddScoped<ReportMailDesk>()
        .AddScoped<UnreadRows>()
        .AddScoped<StatementUploads>();

    private static IServiceCollection AddRefunds(this IServiceCollection services) => services
        .AddSingleton<RefundBooks>()
        .AddScoped<RefundDesk>()
        .AddScoped<RefundList>()
        .AddScoped<IOrderOutcome, RefundSettlement>();

    /// <summary>Sends prompts and orders and reads callbacks, in the process that receives them.</summary>
    public static IServiceCollection AddPaymentsWorkers(this IServiceCollection services)
    {
        services.AddOptions<PaymentsOptions>().BindConfiguration(PaymentsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PaymentsOptions>, PaymentsOptionsValidator>();
        services.AddSingleton<PromptSender>();
        services.AddSingleton<CallbackQueue>();
        services.AddHostedService<PromptWorker>();
        services.AddHostedService<CallbackWorker>();
        services.AddSingleton<OrderSender>();
        services.AddHostedService<OrderWorker>();
        return services.AddMoneySmsWorkers();
    }
}
