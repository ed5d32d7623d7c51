using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Routers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>Routers that refuse, forget, and do not answer.</summary>
public sealed class RefusedChangeTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_cannot_be_changed_because_it_is_not_found_is_ended_at_once()
    {
        await using var site = await LiveSite.OpenAsync(server);
        var session = await ChangedAsync(site, faults => faults.RefuseChangesWith = 503);

        await site.LastOrderBecomesAsync(
            "Change|Done|speed change refused by the router: 503 session context not found; disconnected instead");
        Assert.Equal(TerminateCause.AdminReset, session.EndedBy);
    }

    [Theory]
    [InlineData(401, "401 unsupported attribute")]
    [InlineData(402, "402 missing attribute")]
    public async Task A_refused_change_is_tried_again_and_then_the_session_is_ended_instead(uint cause, string words)
    {
        await using var site = await LiveSite.OpenAsync(server);
        var session = await ChangedAsync(site, faults => faults.RefuseChangesWith = cause);

        await site.LastOrderBecomesInTimeAsync($"Change|Done|speed change refused by the router: {words}; disconnected instead");
        Assert.Equal((TerminateCause.AdminReset, 3), (session.EndedBy, site.Router.Counters.Naks));
    }

    [Fact]
    public async Task A_router_that_takes_no_orders_at_all_is_left_to_its_api()
    {
        await using var site = await LiveSite.OpenAsync(server, hasApi: true);
        var session = await ChangedAsync(site, faults => faults.RefuseOrdersWith = 501);

        await site.LastOrderBecomesInTimeAsync(
            "Change|Done|speed change refused by the router: 501 administratively prohibited; disconnected by the router's API instead",
            TimeSpan.FromMilliseconds(500));
        Assert.Equal(TerminateCause.AdminReset, session.EndedBy);
        await site.Router.AccountingSentAsync(Token);
        Assert.Equal("0", await site.Isp.QueryAsync("count(*)) from open_sessions --"));
    }

    [Fact]
    public async Task A_silent_router_is_asked_again_and_then_given_up_loudly()
    {
        await using var site = await LiveSite.OpenAsync(server, configure: options => options.AcceptCoa = false);
        var session = await ChangedAsync(site, _ => { });

        await site.LastOrderBecomesInTimeAsync(
            "Change|Failed|speed change not answered by the router; "
            + "the router did not answer: it is away, takes no orders, or has another secret", TimeSpan.FromSeconds(1));
        Assert.Null(session.EndedBy);
    }

    [Fact]
    public async Task An_acknowledged_speed_that_the_routers_queue_does_not_show_is_not_believed_at_once()
    {
        await using var site = await LiveSite.OpenAsync(server, hasApi: true);
        await ChangedAsync(site, faults => faults.ForgetChanges = true);

        await site.LastOrderBecomesAsync("Change|Waiting|speed change acknowledged by the router, whose queue still says 2000k/5000k");
        site.Router.Faults.ForgetChanges = false;
        await site.LastOrderBecomesInTimeAsync("Change|Done|speed changed");
    }

    /// <summary>Somebody is online, something goes wrong at the router, and his package gets another speed.</summary>
    private static async Task<EmulatedSession> ChangedAsync(LiveSite site, Action<RouterFaults> fail)
    {
        var package = await site.Isp.AddPackageAsync(accessType: AccessType.Pppoe);
        var session = await site.DialAsync("ali", package);
        fail(site.Router.Faults);
        await site.Isp.World.WriteAsync(async db =>
        {
            (await db.Packages.SingleAsync(p => p.Id == package.Id, Token)).Change(Isp.Hour with { DownloadKbps = 8000 });
            return 0;
        });
        return session;
    }
}
