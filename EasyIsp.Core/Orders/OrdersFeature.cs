using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Orders;

public static class OrdersFeature
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<Disconnecting>()
        .AddSingleton<Changing>()
        .AddSingleton<OrderQueue>()
        .AddSingleton<ApiDisconnect>()
        .AddScoped<SessionNotes>()
        .AddScoped<DisconnectDesk>();
}
