using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

/// <summary>The clock stands at 12:00 on 2 March 2026 in Nairobi, three hours ahead of UTC.</summary>
public sealed class TodayReportTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_new_tenant_sees_zeros_and_thirty_days()
    {
        var figures = await ReadAsync();

        Assert.Equal(new DateOnly(2026, 3, 2), figures.Today);
        Assert.Equal(0, figures.OnlineNow);
        Assert.Equal(0, figures.SalesThisMonth);
        Assert.Equal(30, figures.SalesByDay.Count);
        Assert.Equal(new DateOnly(2026, 2, 1), figures.SalesByDay[0].Day);
        Assert.Empty(figures.LatestPayments);
    }

    [Fact]
    public async Task A_sale_belongs_to_the_tenants_day_and_month()
    {
        await SellAtAsync(new(2026, 2, 28, 20, 59, 59, TimeSpan.Zero), 1); // 23:59:59 on 28 February in Nairobi
        await SellAtAsync(new(2026, 2, 28, 21, 0, 0, TimeSpan.Zero), 10); // midnight, 1 March
        await SellAtAsync(new(2026, 3, 1, 21, 0, 0, TimeSpan.Zero), 100); // midnight, 2 March
        _world.Clock.AdjustTime(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

        var figures = await ReadAsync();

        Assert.Equal(100, figures.SalesToday);
        Assert.Equal(110, figures.SalesThisMonth);
        Assert.Equal([1m, 10m, 100m], figures.SalesByDay.TakeLast(3).Select(day => day.Amount));
    }

    [Fact]
    public async Task What_is_sold_by_another_tenant_is_not_counted()
    {
        var other = await _world.FoundTenantAsync("coast", "Coast Net");
        await _world.WriteAsync(other, db => PostSaleAsync(db, 500));

        Assert.Equal(0, (await ReadAsync()).SalesToday);
    }

    [Fact]
    public async Task Who_has_bought_what_comes_next_is_not_expiring()
    {
        await BuyAsync("Runs out", TimeSpan.FromHours(5));
        await BuyAsync("Has more", TimeSpan.FromHours(5), TimeSpan.FromHours(5));
        await BuyAsync("Has long", TimeSpan.FromDays(3));

        var soon = (await ReadAsync()).ExpiringSoon;

        Assert.Equal(1, soon.Count);
        Assert.Equal("Runs out", Assert.Single(soon.First).Customer);
    }

    private Task<TodayFigures> ReadAsync()
        => _world.AsTenantAsync<TodayReport, TodayFigures>(report => report.ReadAsync(CancellationToken.None));

    private Task<int> SellAtAsync(DateTimeOffset at, decimal amount)
    {
        _world.Clock.AdjustTime(at);
        return _world.WriteAsync(db => PostSaleAsync(db, amount));
    }

    private async Task<int> PostSaleAsync(IspDbContext db, decimal amount)
    {
        await new GeneralLedger(_world.Clock).PostAsync(
            db,
            JournalSource.Purchase,
            Guid.CreateVersion7(_world.Clock.GetUtcNow()),
            "A test",
            [Posting.Debit(AccountRef.Cash, amount), Posting.Credit(AccountRef.Sales, amount)],
            CancellationToken.None);
        return 0;
    }

    /// <summary>Each length is a package of its own, so that the next begins when the one before ends.</summary>
    private Task<int> BuyAsync(string name, params TimeSpan[] lengths) => _world.WriteAsync(async db =>
    {
        var number = await db.TakeNumbersAsync(TenantCounters.Customers, 1, _world.Clock, CancellationToken.None);
        var customer = Customer.Register(
            _world.TenantId, number, AccessType.Hotspot, new CustomerProfile(name), $"c{number}", password: null, _world.Clock.GetUtcNow());
        db.Customers.Add(customer);
        foreach (var length in lengths)
        {
            var package = Package.Create(_world.TenantId, AccessType.Hotspot, new PackageTerms(name, 20, length, 5000, 2000), _world.Clock.GetUtcNow());
            db.Packages.Add(package);
            await new Selling(new GeneralLedger(_world.Clock), new Changing(_world.Clock), _world.Clock)
                .SellAsync(db, customer.Id, package, 0, PurchaseMeans.Gift, CancellationToken.None);
            await db.SaveChangesAsync(CancellationToken.None);
        }

        return await db.Subscriptions.CountAsync();
    });
}
