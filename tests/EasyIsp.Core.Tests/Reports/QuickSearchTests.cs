using EasyIsp.Core.Reports;
using EasyIsp.Core.Tests.Payments;
using EasyIsp.Core.Tests.Vouchers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

public sealed class QuickSearchTests(PostgresServer server) : IAsyncLifetime
{
    private const Findable Everything = Findable.Customers | Findable.Payments | Findable.Routers | Findable.Sessions | Findable.Vouchers;

    private PaymentWorld _shop = null!;

    private World World => _shop.World;

    public async ValueTask InitializeAsync() => _shop = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("wanjiru")]
    [InlineData("0733 123 456")]
    [InlineData("254733123456")]
    [InlineData("home.grace")]
    public async Task A_customer_is_found_by_whatever_names_him(string term)
    {
        await World.CustomerAsync("Grace Wanjiru", "0733123456");

        Assert.Equal("Grace Wanjiru", Assert.IsType<Found.Customer>(Assert.Single(await FindAsync(term))).Name);
    }

    [Fact]
    public async Task A_payment_is_found_by_the_beginning_of_its_receipt()
    {
        var request = await _shop.PromptedAsync();
        await _shop.CallBackAsync(request, PaymentWorld.Paid(request));

        var payment = Assert.IsType<Found.Payment>(Assert.Single(await FindAsync("ua17k4")));

        Assert.Equal(("UA17K4M2QX", 20m), (payment.Receipt, payment.Amount));
    }

    [Theory]
    [InlineData("mast")]
    [InlineData("10.255.0.2")]
    public async Task A_router_is_found_by_its_name_and_its_address(string term)
    {
        await World.RouterAsync();

        Assert.Equal("Town mast", Assert.IsType<Found.Router>(Assert.Single(await FindAsync(term))).Name);
    }

    [Theory]
    [InlineData("aabb.ccdd.ee01")]
    [InlineData("10.5.50.7")]
    public async Task A_session_is_found_by_its_device_and_its_address(string term)
    {
        var router = await World.RouterAsync();
        await World.GoOnlineAsync(await World.CustomerAsync("Grace"), router);
        await World.WriteAsync(db => db.Database.ExecuteSqlAsync($"update open_sessions set mac_address = 'AA:BB:CC:DD:EE:01', address = '10.5.50.7'"));

        Assert.Equal("Grace", Assert.IsType<Found.Session>(Assert.Single(await FindAsync(term))).Row.CustomerName);
    }

    [Fact]
    public async Task A_voucher_is_found_by_its_serial_and_by_its_whole_code()
    {
        var voucher = (await World.RevealAsync(await World.GenerateAsync(await World.AddPackageAsync(), 1)))[0];

        Assert.Equal(voucher.Serial, Assert.IsType<Found.Voucher>(Assert.Single(await FindAsync($"#{voucher.Serial}"))).Row.Serial);
        Assert.Equal(voucher.Serial, Assert.IsType<Found.Voucher>(Assert.Single(await FindAsync(voucher.Code))).Row.Serial);
    }

    [Fact]
    public async Task What_somebody_may_not_see_is_not_found()
    {
        await World.RouterAsync("Grace mast");
        await World.CustomerAsync("Grace");

        Assert.IsType<Found.Router>(Assert.Single(await FindAsync("grace", Findable.Routers)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("_ast")]
    [InlineData("' or 1=1 --")]
    public async Task What_names_nothing_finds_nothing(string term)
    {
        await World.RouterAsync();
        await World.CustomerAsync("Grace");

        Assert.Empty(await FindAsync(term));
    }

    private Task<IReadOnlyList<Found>> FindAsync(string term, Findable among = Everything)
        => World.AsTenantAsync<QuickSearch, IReadOnlyList<Found>>(search => search.FindAsync(term, among, TestContext.Current.CancellationToken));
}
