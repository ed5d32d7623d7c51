using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>What is sold, used up and edited reaches sessions that run (mikrotik.md, 4.8).</summary>
public sealed class LiveChangeTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static PackageTerms Slowing { get; } = Isp.Hour with
    {
        DataLimitBytes = 1000, AtDataLimit = AtDataLimit.SlowDown, SlowDownloadKbps = 512, SlowUploadKbps = 256,
    };

    [Fact]
    public async Task Who_buys_the_same_again_stays_online_for_longer()
    {
        await using var site = await LiveSite.OpenAsync(server);
        var package = await site.Isp.AddPackageAsync(accessType: AccessType.Pppoe);
        var session = await site.DialAsync("ali", package);
        site.Isp.World.Clock.Advance(TimeSpan.FromMinutes(20));

        await site.Isp.SellAsync(await CustomerAsync(site, "ali"), package);

        await site.LastOrderBecomesAsync("Change|Done|time changed");
        Assert.Equal(session.StartedAt.AddHours(2), session.EndsAt);
        Assert.Equal(("2000k/5000k", 1, 0), (session.RateLimit, site.Router.Counters.Acks, site.Router.Counters.Naks));
    }

    [Fact]
    public async Task A_router_that_counts_the_new_time_from_the_order_cuts_nobody_early_and_is_told_when_it_is_over()
    {
        await using var site = await LiveSite.OpenAsync(server, configure: options => options.CountsChangedTimeFromOrder = true);
        var package = await site.Isp.AddPackageAsync(accessType: AccessType.Pppoe);
        var session = await site.DialAsync("ali", package);
        site.Isp.World.Clock.Advance(TimeSpan.FromMinutes(20));
        await site.Isp.SellAsync(await CustomerAsync(site, "ali"), package);
        await site.LastOrderBecomesAsync("Change|Done|time changed");
        Assert.Equal(session.StartedAt.AddMinutes(140), session.EndsAt);

        site.Isp.World.Clock.Advance(TimeSpan.FromMinutes(101));
        Assert.Equal(1, await site.Isp.World.Services.GetRequiredService<ExpiryJob>().RunAsync(Token));
        await site.LastOrderBecomesAsync("Disconnect|Done|disconnected");
        Assert.Equal(Emulators.Routers.TerminateCause.AdminReset, session.EndedBy);
    }

    [Fact]
    public async Task Another_package_that_follows_keeps_the_session_up_and_begins_with_a_new_one()
    {
        await using var site = await LiveSite.OpenAsync(server, configure: options => options.PppoeRedialsAfter = TimeSpan.Zero);
        var session = await site.DialAsync("ali", await site.Isp.AddPackageAsync(accessType: AccessType.Pppoe));

        await site.Isp.SellAsync(
            await CustomerAsync(site, "ali"), await site.Isp.AddPackageAsync(Isp.Hour with { Name = "Fast", DownloadKbps = 9000 }, AccessType.Pppoe));
        await site.LastOrderBecomesAsync("Change|Done|time changed");
        Assert.Equal((session.StartedAt.AddHours(2), "2000k/5000k"), (session.EndsAt!.Value, session.RateLimit));

        site.Isp.World.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await site.Isp.World.Services.GetRequiredService<ExpiryJob>().RunAsync(Token));
        await site.LastOrderBecomesAsync("Change|Done|disconnected to come back with its new package");
        await Isp.EventuallyAsync(() => Task.FromResult(site.Router.Sessions is [{ RateLimit: "2000k/9000k" }]));
    }

    [Fact]
    public async Task An_edited_speed_reaches_everybody_who_has_the_package_and_nobody_else()
    {
        await using var site = await LiveSite.OpenAsync(server);
        var package = await site.Isp.AddPackageAsync(accessType: AccessType.Pppoe);
        var ali = await site.DialAsync("ali", package);
        var asha = await site.DialAsync("asha", package);
        var juma = await site.DialAsync("juma", await site.Isp.AddPackageAsync(accessType: AccessType.Pppoe));

        await EditAsync(site, package, terms => terms with { DownloadKbps = 8000, UploadKbps = 4000 });

        await Isp.EventuallyAsync(() => Task.FromResult(ali.RateLimit == "4000k/8000k" && asha.RateLimit == "4000k/8000k"));
        Assert.Equal("2000k/5000k", juma.RateLimit);
        await site.LastOrderBecomesAsync("Change|Done|speed changed");
    }

    [Fact]
    public async Task At_a_hundred_percent_the_session_slows_down_and_more_data_makes_it_fast_again()
    {
        await using var site = await LiveSite.OpenAsync(server);
        var package = await site.Isp.AddPackageAsync(Slowing, AccessType.Pppoe);
        var session = await site.DialAsync("ali", package);
        site.Router.GenerateTraffic(session, 400, 700);

        await site.LastOrderBecomesInTimeAsync("Change|Done|speed changed", TimeSpan.FromSeconds(2));
        Assert.Equal("256k/512k", session.RateLimit);
        Assert.Equal("data used up", await site.Isp.QueryAsync("reason) from network_orders order by id desc limit 1 --"));

        site.Router.Disconnect(session);
        session = (await site.Router.DialPppoeAsync("ali", "hello123", mac: null, Token)).Session!;
        Assert.Equal("256k/512k", session.RateLimit);
        await site.Router.AccountingSentAsync(Token);

        await site.Isp.SellAsync(await CustomerAsync(site, "ali"), package);
        await Isp.EventuallyAsync(() => Task.FromResult(session.RateLimit == "2000k/5000k"));
    }

    [Fact]
    public async Task A_suspended_customer_is_off_and_one_who_was_let_in_by_mistake_is_found_by_any_change()
    {
        await using var site = await LiveSite.OpenAsync(server);
        var package = await site.Isp.AddPackageAsync(accessType: AccessType.Pppoe);
        var session = await site.DialAsync("ali", package);
        await site.Isp.ExecuteAsync("update customers set suspended_at = now()");

        await EditAsync(site, package, terms => terms with { DownloadKbps = 8000 });

        await site.LastOrderBecomesAsync("Change|Done|disconnected: customer suspended");
        Assert.Equal(Emulators.Routers.TerminateCause.AdminReset, session.EndedBy);
    }

    [Fact]
    public async Task More_data_at_a_hotspot_is_an_end_and_a_return_by_the_routers_api()
    {
        await using var site = await LiveSite.OpenAsync(server, hasApi: true);
        var package = await site.Isp.AddPackageAsync(Isp.Hour with { DataLimitBytes = 1000 });
        var customer = await site.Isp.AddCustomerAsync("ali", "hello123");
        var session = await site.LoginAsync(customer, package);

        await site.Isp.SellAsync(customer, package);

        await site.LastOrderBecomesAsync("Change|Done|disconnected to come back with its new data limit");
        await Isp.EventuallyAsync(() => Task.FromResult(site.Router.Sessions is [{ EndedBy: null } again] && again != session));
        Assert.Equal(session.StartedAt.AddHours(2), Assert.Single(site.Router.Sessions).EndsAt);
        await Isp.EventuallyAsync(async ()
            => await site.Isp.QueryAsync("kind, state) from network_orders where mac_address is not null --") == "HotspotLogin|Done");
    }

    [Fact]
    public async Task Where_a_device_cannot_be_brought_back_it_stays_online_until_its_data_is_used()
    {
        await using var site = await LiveSite.OpenAsync(server);
        var package = await site.Isp.AddPackageAsync(Isp.Hour with { DataLimitBytes = 1000 });
        var customer = await site.Isp.AddCustomerAsync("ali", "hello123");
        var session = await site.LoginAsync(customer, package);

        await site.Isp.SellAsync(customer, package);

        await site.LastOrderBecomesAsync("Change|Done|time changed");
        Assert.Equal((session.StartedAt.AddHours(2), null), (session.EndsAt, session.EndedBy));
    }

    [Fact]
    public async Task What_is_bought_between_the_login_and_its_start_is_not_missed()
    {
        await using var isp = await Isp.OpenAsync(server);
        using var coa = new Listen.PaperNas("127.0.1.1");
        using var nas = await isp.AddRouterAsync(coaPort: coa.Endpoint.Port);
        var customer = await isp.AddCustomerAsync("ali", "hello123");
        var package = await isp.AddPackageAsync();
        await isp.SellAsync(customer, package);
        var login = await nas.LoginAsync("ali", "hello123");
        isp.World.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await isp.HearingOfAsync("subscriptions", () => isp.SellAsync(customer, package));
        Assert.Equal("0", await isp.QueryAsync("count(*)) from network_orders --"));
        await nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: login.Class));

        await isp.BecomesAsync("Change|changed at login", "kind, reason) from network_orders --");
        var (packet, _) = await coa.ReceiveAsync(Token);
        Assert.Equal((byte)PacketCode.CoaRequest, packet[0]);
    }

    private static Task<Customer> CustomerAsync(LiveSite site, string userName)
        => site.Isp.World.ReadAsync(db => db.Customers.SingleAsync(c => c.Username == userName));

    private static Task<PackageOutcome> EditAsync(LiveSite site, Package package, Func<PackageTerms, PackageTerms> edit)
        => site.Isp.World.AsTenantAsync<PackageDesk, PackageOutcome>(async desk =>
        {
            var inHand = (await desk.TakeInHandAsync(package.Id, Token))!;
            return await desk.ChangeAsync(package.Id, edit(inHand.Terms), inHand.Version, Token);
        });
}
