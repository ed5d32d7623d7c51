using System.Net;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Sessions;

public sealed class SessionListsTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly PageOf FirstPage = new(0, 25);

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_live_session_is_found_by_its_user_its_device_its_address_its_customer_and_its_router()
    {
        var market = await _world.AddRouterAsync("Market");
        var school = await _world.AddRouterAsync("School", "127.0.1.2");
        var amina = await _world.AddCustomerAsync("+254712345678");
        var session = await _world.OpenSessionAsync(market, amina, macAddress: "AA:BB:CC:00:00:01", address: "10.5.50.2");
        await _world.OpenSessionAsync(school, await _world.AddCustomerAsync("+254798765432"), macAddress: "AA:BB:CC:00:00:02", address: "10.5.50.3");

        foreach (var search in new[] { amina.Username!, amina.Username!.ToUpperInvariant(), "aabbcc000001", "10.5.50.2", "0712345678" })
            Assert.Equal(session, Assert.Single((await LiveAsync(new(FirstPage, search))).Rows).Id);

        var row = Assert.Single((await LiveAsync(new(FirstPage, RouterId: market.Id))).Rows);
        Assert.Equal(("Market", amina.Name, IPAddress.Parse("10.5.50.2")), (row.RouterName, row.CustomerName, row.Address));
        Assert.Equal(0, (await LiveAsync(new(FirstPage, "%"))).Total);
        Assert.Equal(2, (await LiveAsync(new(FirstPage))).Total);
    }

    [Theory]
    [InlineData(SessionSort.Started)]
    [InlineData(SessionSort.UserName)]
    [InlineData(SessionSort.Router)]
    [InlineData(SessionSort.Traffic)]
    public async Task Live_and_ended_sessions_are_sorted_and_paged_in_the_database(SessionSort sort)
    {
        var router = await _world.AddRouterAsync();
        var customer = await _world.AddCustomerAsync();
        for (var i = 0; i < 3; i++)
            await _world.OpenSessionAsync(router, customer, downloaded: i);

        foreach (var descending in new[] { true, false })
        {
            var live = await LiveAsync(new(new PageOf(1, 2), Sort: sort, Descending: descending));
            Assert.Equal((3, 1), (live.Total, live.Rows.Count));
        }

        _world.Clock.Advance(TimeSpan.FromHours(1));
        await _world.Services.GetRequiredService<StaleSessionsJob>().RunAsync(CancellationToken.None);
        foreach (var descending in new[] { true, false })
        {
            var ended = await _world.AsTenantAsync<SessionLists, Page<SessionRow>>(
                lists => lists.EndedAsync(new(new PageOf(1, 2), customer.Username, Sort: sort, Descending: descending), CancellationToken.None));
            Assert.Equal((3, 1), (ended.Total, ended.Rows.Count));
        }
    }

    [Fact]
    public async Task Each_router_says_how_many_are_online_at_it()
    {
        var market = await _world.AddRouterAsync("Market");
        await _world.AddRouterAsync("School", "127.0.1.2");
        var customer = await _world.AddCustomerAsync();
        await _world.OpenSessionAsync(market, customer);
        await _world.OpenSessionAsync(market, customer);

        var online = await _world.AsTenantAsync<SessionLists, IReadOnlyList<RouterOnline>>(lists => lists.OnlineNowAsync(CancellationToken.None));

        Assert.Equal([("Market", 2), ("School", 0)], online.Select(router => (router.RouterName, router.Online)));
    }

    [Fact]
    public async Task Sessions_are_found_while_they_are_open_and_after_they_ended()
    {
        var (router, customer) = (await _world.AddRouterAsync(), await _world.AddCustomerAsync());
        var ended = await _world.OpenSessionAsync(router, customer);
        _world.Clock.Advance(TimeSpan.FromHours(1));
        await _world.Services.GetRequiredService<StaleSessionsJob>().RunAsync(CancellationToken.None);
        var open = await _world.OpenSessionAsync(router, customer);

        var found = await _world.AsTenantAsync<SessionLists, IReadOnlyList<SessionRow>>(
            lists => lists.FindAsync([ended, open, Guid.CreateVersion7(_world.Clock.GetUtcNow())], CancellationToken.None));

        Assert.Equal(2, found.Count);
        Assert.Null(found.Single(row => row.Id == open).EndedAt);
        Assert.NotNull(found.Single(row => row.Id == ended).EndedAt);
    }

    private Task<Page<SessionRow>> LiveAsync(SessionQuery query)
        => _world.AsTenantAsync<SessionLists, Page<SessionRow>>(lists => lists.LiveAsync(query, CancellationToken.None));
}
