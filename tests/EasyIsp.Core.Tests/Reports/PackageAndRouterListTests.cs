using EasyIsp.Core.Packages;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

public sealed class PackageAndRouterListTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_package_counts_those_who_have_it_now()
    {
        var month = await _world.PackageAsync("Month", 1500, 30);
        var day = await _world.PackageAsync("Day", 50, 1);
        await _world.GiveAsync(await _world.CustomerAsync("Grace"), day);
        _world.Clock.Advance(TimeSpan.FromDays(2));
        await _world.GiveAsync(await _world.CustomerAsync("Otieno"), month);

        var page = await PackagesAsync(new PackageQuery(Page: new PageOf(0, 10)));

        Assert.Equal([("Day", 0), ("Month", 1)], page.Rows.Select(row => (row.Name, row.Active)));
    }

    [Fact]
    public async Task Packages_are_filtered_by_connection_and_by_the_archive()
    {
        await _world.PackageAsync("Home");
        await _world.PackageAsync("Day", accessType: AccessType.Hotspot);
        var old = await _world.PackageAsync("Old");
        await _world.AsTenantAsync<PackageDesk, bool>(desk => desk.ArchiveAsync(old, CancellationToken.None));

        Assert.Equal("Day", Assert.Single((await PackagesAsync(new(AccessType.Hotspot, Page: new(0, 10)))).Rows).Name);
        Assert.Equal("Old", Assert.Single((await PackagesAsync(new(Archived: true, Page: new(0, 10)))).Rows).Name);
    }

    [Fact]
    public async Task A_router_is_never_heard_then_heard_then_silent()
    {
        var router = await _world.RouterAsync();
        Assert.Equal(RouterState.NeverHeard, (await FindAsync(router)).State);

        var now = _world.Clock.GetUtcNow();
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update routers set last_heard_at = {now} where id = {router}"));
        Assert.Equal(RouterState.Heard, (await FindAsync(router)).State);

        _world.Clock.Advance(TimeSpan.FromMinutes(13));
        Assert.Equal(RouterState.Silent, (await FindAsync(router)).State);
    }

    [Fact]
    public async Task The_list_of_routers_tells_who_is_online_where_and_hides_the_archived()
    {
        var town = await _world.RouterAsync("Town");
        var old = await _world.RouterAsync("Old", "10.255.0.3");
        await _world.GoOnlineAsync(await _world.CustomerAsync("Grace"), town);
        await _world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.ClaimSiteAsync(town, "town", CancellationToken.None));
        await _world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.ArchiveAsync(old, CancellationToken.None));

        var row = Assert.Single((await _world.AsTenantAsync<RouterList, Page<RouterRow>>(
            list => list.ListAsync(new RouterQuery(RouterSort.LastHeard, true, new PageOf(0, 10)), CancellationToken.None))).Rows);

        Assert.Equal(("Town", "town", 1), (row.Name, row.SiteCode, row.Online));
    }

    [Fact]
    public async Task The_list_can_show_the_heard_routers_that_have_never_signed()
    {
        var now = _world.Clock.GetUtcNow();
        var old = await _world.RouterAsync("Old RouterOS", "10.255.0.4");
        var signing = await _world.RouterAsync("New RouterOS", "10.255.0.5");
        await _world.RouterAsync("In its box", "10.255.0.6");
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update routers set last_heard_at = {now} where id in ({old}, {signing})"));
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update routers set sent_message_authenticator_at = {now} where id = {signing}"));

        var row = Assert.Single((await _world.AsTenantAsync<RouterList, Page<RouterRow>>(
            list => list.ListAsync(new RouterQuery(Page: new PageOf(0, 10), OnlyUnsigned: true), CancellationToken.None))).Rows);

        Assert.Equal("Old RouterOS", row.Name);
    }

    private Task<Page<PackageRow>> PackagesAsync(PackageQuery query)
        => _world.AsTenantAsync<PackageList, Page<PackageRow>>(list => list.ListAsync(query, CancellationToken.None));

    private async Task<RouterRow> FindAsync(Guid router)
        => (await _world.AsTenantAsync<RouterList, RouterRow?>(list => list.FindAsync(router, CancellationToken.None)))!;
}
