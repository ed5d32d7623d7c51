using EasyIsp.Core.Ledger;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Subscriptions;

public sealed class SellDeskTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _customer;
    private Guid _package;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _customer = await _world.CustomerAsync("Grace");
        _package = await _world.PackageAsync(price: 1500, days: 30);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_sale_takes_the_price_from_the_wallet_and_gives_the_time()
    {
        await _world.TopUpAsync(_customer, 2000);

        Assert.Equal(new SellOutcome.Sold(_world.Clock.GetUtcNow().AddDays(30)), await SellAsync());

        Assert.Equal(500, await WalletAsync());
        Assert.Equal(1, await _world.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == "package.sell" && a.SubjectId == _customer)));
    }

    [Fact]
    public async Task A_wallet_that_is_short_is_said_to_be_and_stays_as_it_is()
    {
        await _world.TopUpAsync(_customer, 1499);

        Assert.Equal(new SellOutcome.WalletShort(1499, 1500), await SellAsync());

        Assert.Equal(1499, await WalletAsync());
        Assert.Equal(0, await _world.ReadAsync(db => db.Subscriptions.CountAsync()));
    }

    [Fact]
    public async Task Of_many_sales_at_once_the_wallet_pays_for_as_many_as_it_holds()
    {
        await _world.TopUpAsync(_customer, 3000);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SellAsync()));

        Assert.Equal(2, outcomes.Count(outcome => outcome is SellOutcome.Sold));
        Assert.Equal(0, await WalletAsync());
        Assert.Equal(_world.Clock.GetUtcNow().AddDays(60), (await _world.ReadAsync(db => db.Subscriptions.SingleAsync())).EndsAt);
    }

    [Fact]
    public async Task A_gift_costs_nothing_and_says_that_it_was_one()
    {
        Assert.IsType<SellOutcome.Sold>(await _world.GiveAsync(_customer, _package));

        var purchase = await _world.ReadAsync(db => db.Purchases.SingleAsync());
        Assert.Equal((PurchaseMeans.Gift, 0m), (purchase.PaidBy, purchase.Price));
        Assert.Equal(1, await _world.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == "package.give")));
    }

    [Fact]
    public async Task What_is_archived_or_for_another_kind_of_connection_is_not_sold()
    {
        var hotspot = await _world.PackageAsync("Day", 50, 1, AccessType.Hotspot);
        await _world.AsTenantAsync<PackageDesk, bool>(desk => desk.ArchiveAsync(_package, CancellationToken.None));

        Assert.IsType<SellOutcome.NotSold>(await _world.GiveAsync(_customer, hotspot));
        Assert.IsType<SellOutcome.NotSold>(await _world.GiveAsync(_customer, _package));
    }

    private Task<SellOutcome> SellAsync()
        => _world.AsTenantAsync<SellDesk, SellOutcome>(desk => desk.SellFromWalletAsync(_customer, _package, CancellationToken.None));

    private Task<decimal> WalletAsync()
        => _world.ReadAsync(db => GeneralLedger.WalletAsync(db, _customer, CancellationToken.None));
}
