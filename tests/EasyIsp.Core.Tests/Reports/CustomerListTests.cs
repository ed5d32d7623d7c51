using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

public sealed class CustomerListTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly PageOf Everything = new(0, 50);

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Each_state_lists_its_own_customers_and_every_row_says_the_state_it_was_found_by()
    {
        var month = await _world.PackageAsync(days: 30);
        var day = await _world.PackageAsync("Day", 50, 1);
        await _world.GiveAsync(await _world.CustomerAsync("Expired"), day);
        await _world.GiveAsync(await _world.CustomerAsync("Expiring"), month);
        _world.Clock.Advance(TimeSpan.FromDays(28));
        await _world.GiveAsync(await _world.CustomerAsync("Active"), month);
        await _world.GiveAsync(await _world.CustomerAsync("Guest"), day);
        await _world.CustomerAsync("New");
        var suspended = await _world.CustomerAsync("Suspended");
        await _world.AsTenantAsync<AccessControl, AccessOutcome>(access => access.SuspendAsync(suspended, CancellationToken.None));
        var deleted = await _world.CustomerAsync("Deleted");
        await _world.AsTenantAsync<AccessControl, AccessOutcome>(access => access.DeleteAsync(deleted, CancellationToken.None));

        Assert.Equal(["Expired"], await NamesAsync(CustomerState.Expired));
        Assert.Equal(["Expiring"], await NamesAsync(CustomerState.Expiring));
        Assert.Equal(["Active", "Expiring", "Guest"], await NamesAsync(CustomerState.Active));
        Assert.Equal(["New"], await NamesAsync(CustomerState.New));
        Assert.Equal(["Suspended"], await NamesAsync(CustomerState.Suspended));
        var all = await ListAsync(new CustomerQuery(Page: Everything));
        Assert.Equal(6, all.Total);
        Assert.All(all.Rows, row => Assert.Equal(row.Name == "Guest" ? "Active" : row.Name, row.State.ToString()));
    }

    [Theory]
    [InlineData("wanji")]
    [InlineData("0712345678")]
    [InlineData("0712 345-678")]
    [InlineData("+254712345678")]
    [InlineData("254712345678")]
    [InlineData("1001")]
    [InlineData("grace.wanjiru")]
    public async Task A_customer_is_found_by_any_spelling(string term)
    {
        await _world.CustomerAsync("Grace Wanjiru", "0712345678");
        await _world.CustomerAsync("Otieno", "0733000111");

        Assert.Equal(["Grace Wanjiru"], (await ListAsync(new CustomerQuery(term, Page: Everything))).Rows.Select(row => row.Name));
    }

    [Fact]
    public async Task Signs_of_the_search_language_are_letters_like_any_other()
    {
        await _world.CustomerAsync("Grace");

        Assert.Equal(0, (await ListAsync(new CustomerQuery("gra%", Page: Everything))).Total);
        Assert.Equal(0, (await ListAsync(new CustomerQuery("gr_ce", Page: Everything))).Total);
    }

    [Theory]
    [InlineData(CustomerSort.Name, false, "A B C")]
    [InlineData(CustomerSort.Name, true, "C B A")]
    [InlineData(CustomerSort.Number, false, "B A C")]
    [InlineData(CustomerSort.Created, true, "C A B")]
    [InlineData(CustomerSort.Ends, false, "A C B")]
    [InlineData(CustomerSort.Ends, true, "C A B")]
    public async Task The_list_sorts_by_what_was_asked(CustomerSort sort, bool descending, string order)
    {
        await _world.CustomerAsync("B");
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        var a = await _world.CustomerAsync("A");
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        var c = await _world.CustomerAsync("C");
        await _world.GiveAsync(a, await _world.PackageAsync("Day", 50, 1));
        await _world.GiveAsync(c, await _world.PackageAsync());

        var page = await ListAsync(new CustomerQuery(Sort: sort, Descending: descending, Page: Everything));

        Assert.Equal(order, string.Join(' ', page.Rows.Select(row => row.Name)));
    }

    [Fact]
    public async Task A_row_tells_package_end_presence_and_wallet()
    {
        var customer = await _world.CustomerAsync("Grace");
        await _world.GiveAsync(customer, await _world.PackageAsync("Home 10", days: 30));
        await _world.GiveAsync(customer, await _world.PackageAsync("Home 20", days: 30));
        await _world.TopUpAsync(customer, 200);
        await _world.GoOnlineAsync(customer, await _world.RouterAsync());

        var row = Assert.Single((await ListAsync(new CustomerQuery(OnlineOnly: true, Page: Everything))).Rows);

        Assert.Equal(("Home 10", true, 200m), (row.Package, row.IsOnline, row.Wallet));
        Assert.Equal(_world.Clock.GetUtcNow().AddDays(60), row.EndsAt);
    }

    [Fact]
    public async Task A_page_holds_so_many_and_says_how_many_there_are()
    {
        foreach (var name in new[] { "A", "B", "C" })
            await _world.CustomerAsync(name);

        var page = await ListAsync(new CustomerQuery(Sort: CustomerSort.Name, Descending: false, Page: new PageOf(1, 2)));

        Assert.Equal((3, "C"), (page.Total, Assert.Single(page.Rows).Name));
    }

    private async Task<IEnumerable<string>> NamesAsync(CustomerState state)
        => (await ListAsync(new CustomerQuery(State: state, Page: Everything))).Rows.Select(row => row.Name).Order();

    private Task<Page<CustomerRow>> ListAsync(CustomerQuery query)
        => _world.AsTenantAsync<CustomerList, Page<CustomerRow>>(list => list.ListAsync(query, CancellationToken.None));
}
