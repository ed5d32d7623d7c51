using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

public sealed class CustomerOverviewTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _customer;
    private Guid _router;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _customer = await _world.CustomerAsync("Grace", "0712345678");
        _router = await _world.RouterAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_was_used_is_what_open_and_ended_sessions_of_the_subscription_moved()
    {
        await _world.GiveAsync(_customer, await _world.PackageAsync());
        await _world.HaveBeenOnlineAsync(_customer, _router, 1_000);
        await _world.GoOnlineAsync(_customer, _router, 500);

        var facts = await FindAsync();

        Assert.Equal(1_500, facts.UsedBytes);
        Assert.Equal("Town mast", Assert.Single(facts.Online).Router);
        Assert.Equal(_world.Clock.GetUtcNow(), facts.LastSessionEndedAt);
    }

    [Fact]
    public async Task Why_a_customer_cannot_connect_is_said_in_the_order_in_which_radius_asks()
    {
        Assert.Equal(Hindrance.NothingBought, (await FindAsync()).Hindrance);

        await _world.GiveAsync(_customer, await _world.PackageAsync(dataBytes: 1_000));
        Assert.Equal(Hindrance.None, (await FindAsync()).Hindrance);

        await _world.GoOnlineAsync(_customer, _router, 999);
        Assert.Equal(Hindrance.AllDevicesOnline, (await FindAsync()).Hindrance);

        await _world.HaveBeenOnlineAsync(_customer, _router, 1);
        Assert.Equal(Hindrance.DataUsedUp, (await FindAsync()).Hindrance);

        _world.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(Hindrance.Expired, (await FindAsync()).Hindrance);

        await _world.AsTenantAsync<AccessControl, AccessOutcome>(access => access.SuspendAsync(_customer, CancellationToken.None));
        Assert.Equal(Hindrance.Suspended, (await FindAsync()).Hindrance);

        await _world.AsTenantAsync<AccessControl, AccessOutcome>(access => access.DeleteAsync(_customer, CancellationToken.None));
        Assert.Equal(Hindrance.Deleted, (await FindAsync()).Hindrance);
    }

    [Fact]
    public async Task What_comes_next_is_told_beside_what_is()
    {
        await _world.GiveAsync(_customer, await _world.PackageAsync("Home 10", days: 30));
        await _world.GiveAsync(_customer, await _world.PackageAsync("Home 20", days: 30));

        var facts = await FindAsync();

        Assert.Equal(("Home 10", "Home 20"), (facts.Subscription!.Package, facts.Next!.Package));
        Assert.Equal(_world.Clock.GetUtcNow().AddDays(60), facts.EndsAt);
    }

    [Fact]
    public async Task Each_line_of_the_wallet_shows_the_balance_after_it_on_every_page()
    {
        foreach (var amount in new[] { 100m, 20m, 3m })
        {
            await _world.TopUpAsync(_customer, amount);
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([(3m, 123m), (20m, 120m)], await WalletAsync(new PageOf(0, 2)));
        Assert.Equal([(100m, 100m)], await WalletAsync(new PageOf(1, 2)));
    }

    [Fact]
    public async Task All_that_was_done_to_a_customer_is_told_newest_first()
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.AsTenantAsync<AccessControl, AccessOutcome>(access => access.SuspendAsync(_customer, CancellationToken.None));

        var deeds = await _world.AsTenantAsync<CustomerHistory, Page<Deed>>(
            history => history.DeedsAsync(_customer, new PageOf(0, 10), CancellationToken.None));

        Assert.Equal(["customer.suspend", "customer.register"], deeds.Rows.Select(deed => deed.Action));
    }

    private async Task<CustomerFacts> FindAsync()
        => (await _world.AsTenantAsync<CustomerOverview, CustomerFacts?>(page => page.FindAsync(_customer, CancellationToken.None)))!;

    private async Task<IEnumerable<(decimal, decimal)>> WalletAsync(PageOf page)
        => (await _world.AsTenantAsync<CustomerHistory, Page<WalletLine>>(
            history => history.WalletAsync(_customer, page, CancellationToken.None))).Rows.Select(line => (line.Amount, line.BalanceAfter));
}
