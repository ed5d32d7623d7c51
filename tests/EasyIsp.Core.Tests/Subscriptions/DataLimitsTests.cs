using EasyIsp.Core.Orders;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Subscriptions;

public sealed class DataLimitsTests(PostgresServer server)
{
    [Fact]
    public async Task The_sweep_finds_what_a_worker_that_died_had_not_looked_at_any_more()
    {
        await using var world = await World.OpenAsync(server);
        var customer = await world.CustomerAsync("Grace Wanjiru");
        await world.GiveAsync(customer, await world.PackageAsync(dataBytes: 1000));
        await world.GoOnlineAsync(customer, await world.RouterAsync());
        await world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update open_sessions set is_metered = true"));
        await world.HaveUsedAsync(customer, new DateOnly(2026, 3, 1), 600);
        await world.HaveUsedAsync(customer, new DateOnly(2026, 3, 2), 400);
        var limits = world.Services.GetRequiredService<DataLimits>();

        Assert.Equal(1, await limits.SweepAsync(CancellationToken.None));
        Assert.Equal(0, await limits.SweepAsync(CancellationToken.None));

        var order = await world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((NetworkOrderKind.Disconnect, DataLimits.UsedUp), (order.Kind, order.Reason));
        Assert.Equal(world.Clock.GetUtcNow(), await world.ReadAsync(db => db.Subscriptions.Select(s => s.DataUsedUpAt).SingleAsync()));
    }

    [Fact]
    public async Task Where_the_package_slows_down_the_session_is_changed_and_goes_on()
    {
        await using var world = await World.OpenAsync(server);
        var customer = await world.CustomerAsync("Grace Wanjiru");
        await world.GiveAsync(customer, await world.PackageAsync(dataBytes: 1000));
        await world.WriteAsync(db => db.Database.ExecuteSqlAsync(
            $"update packages set at_data_limit = 'SlowDown', slow_download_kbps = 512, slow_upload_kbps = 256"));
        await world.GoOnlineAsync(customer, await world.RouterAsync());
        await world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update open_sessions set is_metered = true"));
        await world.HaveUsedAsync(customer, new DateOnly(2026, 3, 2), 1000);

        Assert.Equal(1, await world.Services.GetRequiredService<DataLimits>().SweepAsync(CancellationToken.None));

        var order = await world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((NetworkOrderKind.Change, DataLimits.UsedUp), (order.Kind, order.Reason));
    }
}
