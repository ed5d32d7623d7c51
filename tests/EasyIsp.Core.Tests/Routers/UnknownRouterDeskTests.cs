using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

public sealed class UnknownRouterDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly PageOf First = new(0, 25);

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Who_is_added_as_a_router_is_unknown_no_longer()
    {
        await _world.StrangerAsync("10.0.0.7");
        await _world.StrangerAsync("10.0.0.8");

        await _world.RouterAsync(address: "10.0.0.7");

        Assert.Equal(["10.0.0.8"], await _world.StrangersAsync());
    }

    [Fact]
    public async Task Nor_is_he_to_whose_address_a_router_is_corrected()
    {
        var router = await _world.RouterAsync(address: "10.0.0.70");
        await _world.StrangerAsync("10.0.0.7");

        await _world.AsTenantAsync<RouterDesk, RouterOutcome>(async desk =>
        {
            var original = (await desk.TakeInHandAsync(router, CancellationToken.None))!.Draft;
            return await desk.ChangeAsync(router, original with { Address = "10.0.0.7" }, original, CancellationToken.None);
        });

        Assert.Empty(await _world.StrangersAsync());
    }

    [Fact]
    public async Task An_archived_router_does_not_keep_its_address_from_being_unknown()
    {
        var router = await _world.RouterAsync(address: "10.0.0.7");
        await _world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.ArchiveAsync(router, CancellationToken.None));
        await _world.StrangerAsync("10.0.0.7");

        await _world.RouterAsync("Another", "10.0.0.9");

        Assert.Equal(["10.0.0.7"], await _world.StrangersAsync());
    }

    [Fact]
    public async Task A_provider_is_shown_them_only_while_alone_in_the_installation()
    {
        await _world.StrangerAsync("10.0.0.7");
        Assert.Equal(1, (await Desk(desk => desk.ListForOnlyTenantAsync(new UnknownRouterQuery(Page: First), CancellationToken.None))).Total);

        await _world.FoundTenantAsync("mara", "Mara Wireless");

        Assert.Empty((await Desk(desk => desk.ListForOnlyTenantAsync(new UnknownRouterQuery(Page: First), CancellationToken.None))).Rows);
        Assert.Equal(1, (await Desk(desk => desk.ListAsync(new UnknownRouterQuery(Page: First), CancellationToken.None))).Total);
    }

    [Theory]
    [InlineData("0.0.7", "10.0.0.7")]
    [InlineData("MAST", "10.0.0.8")]
    [InlineData("db8", "2001:db8::1")]
    [InlineData("%", "10.0.0.9")]
    [InlineData("/32", null)]
    public async Task They_are_found_by_a_part_of_address_or_name(string term, string? found)
    {
        await _world.StrangerAsync("10.0.0.7");
        await _world.StrangerAsync("10.0.0.8", "Market mast");
        await _world.StrangerAsync("10.0.0.9", "100% ours");
        await _world.StrangerAsync("2001:db8::1");

        var page = await Desk(desk => desk.ListAsync(new UnknownRouterQuery(term, Page: First), CancellationToken.None));

        Assert.Equal(found is null ? [] : new[] { found }, page.Rows.Select(row => row.Address.ToString()));
    }

    [Theory]
    [InlineData(UnknownRouterSort.FirstSeen, true, "10.0.0.9", "10.0.0.8", "10.0.0.10")]
    [InlineData(UnknownRouterSort.Address, false, "10.0.0.8", "10.0.0.9", "10.0.0.10")]
    [InlineData(UnknownRouterSort.Packets, true, "10.0.0.8", "10.0.0.10", "10.0.0.9")]
    [InlineData(UnknownRouterSort.LastSeen, false, "10.0.0.10", "10.0.0.8", "10.0.0.9")]
    public async Task The_database_sorts_and_cuts_pages(UnknownRouterSort sort, bool descending, params string[] expected)
    {
        foreach (var (address, logins, accounting) in new[] { ("10.0.0.10", 2, 1), ("10.0.0.8", 1, 5), ("10.0.0.9", 1, 0) })
        {
            await _world.StrangerAsync(address, logins: logins, accounting: accounting);
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var pages = new List<string>();
        for (var index = 0; index < 2; index++)
        {
            var page = await Desk(desk => desk.ListAsync(new UnknownRouterQuery(null, sort, descending, new PageOf(index, 2)), CancellationToken.None));
            Assert.Equal(3, page.Total);
            pages.AddRange(page.Rows.Select(row => row.Address.ToString()));
        }

        Assert.Equal(expected, pages);
    }

    [Fact]
    public async Task One_is_forgotten_at_a_word_and_all_who_fall_silent_after_a_week()
    {
        await _world.StrangerAsync("10.0.0.7");
        await _world.StrangerAsync("10.0.0.8");
        await Desk(async desk =>
        {
            await desk.ForgetAsync(IPAddress.Parse("10.0.0.7"), CancellationToken.None);
            return 0;
        });
        _world.Clock.Advance(UnknownRouter.Lifetime + TimeSpan.FromMinutes(1));
        await _world.StrangerAsync("10.0.0.9");

        var forgotten = await _world.AsTenantAsync<SilentUnknownRoutersJob, int>(job => job.RunAsync(CancellationToken.None));

        Assert.Equal(1, forgotten);
        Assert.Equal(["10.0.0.9"], await _world.StrangersAsync());
    }

    [Fact]
    public async Task A_new_one_is_announced_to_the_platform()
    {
        var feed = new ChangeFeed(
            _world.Services.GetRequiredService<PlatformDataSource>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ChangeFeed>.Instance);
        var ready = new TaskCompletionSource();
        var heard = new TaskCompletionSource<Change>();
        using var subscription = feed.Subscribe(change =>
        {
            if (change.IsEverything)
                ready.TrySetResult();
            else
                heard.TrySetResult(change);
        });
        await feed.StartAsync(TestContext.Current.CancellationToken);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await _world.StrangerAsync("10.0.0.7");

        var change = await heard.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal("unknown_routers", change.Table);
        Assert.True(change.IsOfPlatform);
        await feed.StopAsync(TestContext.Current.CancellationToken);
        feed.Dispose();
    }

    private Task<T> Desk<T>(Func<UnknownRouterDesk, Task<T>> work) => _world.AsTenantAsync(work);
}
