using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Vouchers;

public static class VouchersFeature
{
    public static IServiceCollection AddVouchers(this IServiceCollection services) => services
        .AddSingleton<UncheckedCodes>()
        .AddScoped<VoucherGuard>()
        .AddScoped<VoucherPress>()
        .AddScoped<VoucherDesk>()
        .AddScoped<VoucherLists>()
        .AddScoped<VoucherRedemption>();
}
