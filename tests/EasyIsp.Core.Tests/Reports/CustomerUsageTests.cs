using EasyIsp.Core.Reports;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

public sealed class CustomerUsageTests(PostgresServer server)
{
    [Fact]
    public async Task Every_one_of_the_last_thirty_days_is_there_and_the_last_is_today()
    {
        await using var world = await World.OpenAsync(server);
        var customer = await world.CustomerAsync("Grace Wanjiru");
        await world.GiveAsync(customer, await world.PackageAsync());
        var today = new DateOnly(2026, 3, 2);
        await world.HaveUsedAsync(customer, today, 1000);
        await world.HaveUsedAsync(customer, today.AddDays(-29), 8);
        await world.HaveUsedAsync(customer, today.AddDays(-30), 4);

        var days = await world.AsTenantAsync<CustomerUsage, IReadOnlyList<DayUsage>>(
            usage => usage.ReadAsync(customer, CancellationToken.None));

        Assert.Equal(30, days.Count);
        Assert.Equal(new DayUsage(today, 750, 250, TimeSpan.FromHours(1)), days[^1]);
        Assert.Equal((today.AddDays(-29), 8), (days[0].Day, days[0].Bytes));
        Assert.All(days.Skip(1).SkipLast(1), day => Assert.Equal(0, day.Bytes));
    }
}
