using EasyIsp.Core.Reports;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

public sealed class FirstStepsTests(PostgresServer server)
{
    [Fact]
    public async Task Steps_are_ticked_off_as_they_are_taken_and_gone_with_the_first_sale()
    {
        await using var world = await World.OpenAsync(server);
        Assert.Equal(new FirstStepsTaken(false, false, false, false, false), await ReadAsync(world));

        var package = await world.PackageAsync();
        await world.RouterAsync();
        Assert.Equal(new FirstStepsTaken(true, true, false, false, false), await ReadAsync(world));

        var customer = await world.CustomerAsync("Grace Wanjiru");
        await world.GiveAsync(customer, package);
        Assert.NotNull(await ReadAsync(world));

        await world.TopUpAsync(customer, 1500);
        await world.AsTenantAsync<SellDesk, SellOutcome>(desk => desk.SellFromWalletAsync(customer, package, CancellationToken.None));
        Assert.Null(await ReadAsync(world));
    }

    private static Task<FirstStepsTaken?> ReadAsync(World world)
        => world.AsTenantAsync<FirstSteps, FirstStepsTaken?>(steps => steps.ReadAsync(TestContext.Current.CancellationToken));
}
