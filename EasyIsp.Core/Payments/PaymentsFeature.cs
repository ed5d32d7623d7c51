using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Payments;

public static class PaymentsFeature
{
    public static IServiceCollection AddPayments(this IServiceCollection services) => services;
}
