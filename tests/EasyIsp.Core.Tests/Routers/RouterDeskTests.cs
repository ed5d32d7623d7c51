using EasyIsp.Core.Routers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

public sealed class RouterDeskTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_new_router_has_a_secret_that_is_shown_to_whoever_is_written_down_for_it()
    {
        var router = await _world.RouterAsync();

        var secret = await RevealAsync(router);

        Assert.Equal(32, secret!.Length);
        Assert.Equal(1, await _world.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == "router.reveal-secret" && a.SubjectId == router)));
    }

    [Fact]
    public async Task A_rotated_secret_is_another_one()
    {
        var router = await _world.RouterAsync();
        var before = await RevealAsync(router);

        await RunAsync((desk, token) => desk.RotateSecretAsync(router, TimeSpan.FromDays(1), token));

        Assert.NotEqual(before, await RevealAsync(router));
    }

    [Fact]
    public async Task Two_routers_do_not_share_a_name_until_one_is_archived()
    {
        var first = await _world.RouterAsync("Town mast");

        Assert.Equal([RouterFault.NameTaken], FaultsOf(await AddAsync(new RouterDraft("Town mast", "10.255.0.3"))));
        await RunAsync((desk, token) => desk.ArchiveAsync(first, token));
        Assert.IsType<RouterOutcome.Saved>(await AddAsync(new RouterDraft("Town mast", "10.255.0.3")));
    }

    [Fact]
    public async Task A_site_code_belongs_to_one_router_of_one_tenant()
    {
        var router = await _world.RouterAsync();
        var other = await _world.FoundTenantAsync("mara", "Mara Wireless");
        var theirs = (RouterOutcome.Saved)await _world.AsTenantAsync<RouterDesk, RouterOutcome>(
            other, desk => desk.AddAsync(new RouterDraft("Theirs", "10.255.0.9"), CancellationToken.None));
        Assert.IsType<RouterOutcome.Saved>(await RunAsync((desk, token) => desk.ClaimSiteAsync(router, " Town ", token)));

        var outcome = await _world.AsTenantAsync<RouterDesk, RouterOutcome>(
            other, desk => desk.ClaimSiteAsync(theirs.RouterId, "town", CancellationToken.None));

        Assert.Equal([RouterFault.SiteCodeTaken], FaultsOf(outcome));
    }

    [Fact]
    public async Task A_proxy_is_trusted_once_staff_say_so()
    {
        var router = await _world.RouterAsync();
        var draft = (await TakeInHandAsync(router))!.Draft;
        Assert.False(draft.IsTrustedProxy);

        await ChangeAsync(router, draft with { IsTrustedProxy = true }, draft);

        Assert.True((await TakeInHandAsync(router))!.Draft.IsTrustedProxy);
    }

    [Fact]
    public async Task A_new_site_code_gives_the_old_one_up()
    {
        var router = await _world.RouterAsync();
        await RunAsync((desk, token) => desk.ClaimSiteAsync(router, "town", token));

        await RunAsync((desk, token) => desk.ClaimSiteAsync(router, "market", token));

        Assert.Equal(["market"], await _world.ReadAsync(db => db.PortalSites.Select(site => site.Code).ToListAsync()));
    }

    [Fact]
    public async Task The_api_password_stays_when_none_is_typed_and_is_asked_for_the_first_time()
    {
        var router = await _world.RouterAsync();

        Assert.Equal([RouterFault.ApiPassword], FaultsOf(await SetApiAsync(router, new("easyisp", ""))));
        await SetApiAsync(router, new("easyisp", "of-the-router"));
        Assert.IsType<RouterOutcome.Saved>(await SetApiAsync(router, new("easyisp2", "", 8729, string.Concat(Enumerable.Repeat("ab:", 31)) + "ab")));

        var api = (await TakeInHandAsync(router))!.Api!;
        Assert.Equal(("easyisp2", 8729, 64), (api.User, api.Port, api.CertificateFingerprint!.Length));
        Assert.Null(api.Password);
        await SetApiAsync(router, null);
        Assert.Null((await TakeInHandAsync(router))!.Api);
    }

    [Fact]
    public async Task A_router_that_is_heard_meanwhile_may_still_be_changed_and_one_that_a_colleague_changed_may_not()
    {
        var router = await _world.RouterAsync();
        var mine = (await TakeInHandAsync(router))!.Draft;
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update routers set last_heard_at = now() where id = {router}"));

        Assert.IsType<RouterOutcome.Saved>(await ChangeAsync(router, mine with { Name = "Market mast" }, mine));
        Assert.IsType<RouterOutcome.ChangedMeanwhile>(await ChangeAsync(router, mine with { Name = "Church mast" }, mine));
    }

    [Theory]
    [InlineData("", "10.0.0.1", 3799, "", RouterFault.Name)]
    [InlineData("A", "10.1", 3799, "", RouterFault.Address)]
    [InlineData("A", "0.0.0.0", 3799, "", RouterFault.Address)]
    [InlineData("A", "mast.example", 3799, "", RouterFault.Address)]
    [InlineData("A", "10.0.0.1", 0, "", RouterFault.CoaPort)]
    [InlineData("A", "10.0.0.1", 3799, "http://login", RouterFault.HotspotHost)]
    public void What_cannot_stand_is_named(string name, string address, int coaPort, string host, RouterFault fault)
        => Assert.Equal([fault], RouterRules.FaultsIn(new RouterDraft(name, address, coaPort, HotspotHost: host)));

    private Task<RouterOutcome> RunAsync(Func<RouterDesk, CancellationToken, Task<RouterOutcome>> work)
        => _world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => work(desk, CancellationToken.None));

    private Task<RouterOutcome> AddAsync(RouterDraft draft) => RunAsync((desk, token) => desk.AddAsync(draft, token));

    private Task<RouterOutcome> ChangeAsync(Guid router, RouterDraft draft, RouterDraft original)
        => RunAsync((desk, token) => desk.ChangeAsync(router, draft, original, token));

    private Task<RouterOutcome> SetApiAsync(Guid router, RouterApiDraft? draft)
        => RunAsync((desk, token) => desk.SetApiAccessAsync(router, draft, token));

    private Task<RouterInHand?> TakeInHandAsync(Guid router)
        => _world.AsTenantAsync<RouterDesk, RouterInHand?>(desk => desk.TakeInHandAsync(router, CancellationToken.None));

    private Task<string?> RevealAsync(Guid router)
        => _world.AsTenantAsync<RouterDesk, string?>(desk => desk.RevealSecretAsync(router, CancellationToken.None));

    private static IReadOnlyList<RouterFault> FaultsOf(RouterOutcome outcome) => Assert.IsType<RouterOutcome.Refused>(outcome).Faults;
}
