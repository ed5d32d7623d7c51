using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Customers;

public static class CustomersFeature
{
    public static IServiceCollection AddCustomers(this IServiceCollection services) => services
        .AddSingleton<WalkInCustomers>()
        .AddScoped<CustomerDesk>()
        .AddScoped<ConnectionDesk>();
}
