using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Routers;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>A worker and an emulated router that it knows, on one clock: what the router is told shows in its sessions.</summary>
internal sealed class LiveSite : IAsyncDisposable
{
    private const string Address = "127.0.1.1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LiveSite(Isp isp, EmulatedRouter router) => (Isp, Router) = (isp, router);

    public Isp Isp { get; }
    public EmulatedRouter Router { get; }

    /// <param name="hasApi">Whether the worker may use the router's API.</param>
    public static async Task<LiveSite> OpenAsync(
        PostgresServer server, bool hasApi = false, Action<EmulatedRouterOptions>? configure = null)
    {
        var isp = await Isp.OpenAsync(server);
        var options = new EmulatedRouterOptions
        {
            Address = Address,
            RadiusAuthPort = isp.Auth.Port,
            RadiusAcctPort = isp.Acct.Port,
            RadiusSecret = Isp.Secret,
            ApiPort = 0,
            CoaPort = 0,
            HotspotPort = 0,
            RepeatsCoaReplies = true,
        };
        configure?.Invoke(options);
        var site = new LiveSite(isp, new EmulatedRouter(options, isp.World.Clock));
        await site.Router.StartAsync(Token);
        using var nas = await isp.AddRouterAsync(Address, coaPort: site.Router.CoaEndPoint.Port);
        if (hasApi)
            await site.UseApiAsync(nas.Id);
        return site;
    }

    /// <summary>A home that has the package and is online, as the worker knows.</summary>
    public async Task<EmulatedSession> DialAsync(string userName, Core.Packages.Package package)
    {
        var customer = await Isp.AddCustomerAsync(userName, "hello123", AccessType.Pppoe);
        await Isp.SellAsync(customer, package);
        return await KnownAsync(await Router.DialPppoeAsync(userName, "hello123", mac: null, Token));
    }

    /// <summary>A device at the hotspot, likewise.</summary>
    public async Task<EmulatedSession> LoginAsync(Core.Customers.Customer customer, Core.Packages.Package package)
    {
        await Isp.SellAsync(customer, package);
        return await KnownAsync(await Router.LoginAsync(Isp.Mac, customer.Username!, "hello123", Token));
    }

    public Task LastOrderBecomesAsync(string order) => Isp.EventuallyAsync(async () => await LastOrderAsync() == order);

    /// <summary>The same while time passes.</summary>
    public Task LastOrderBecomesInTimeAsync(string order, TimeSpan? step = null) => Isp.EventuallyAsync(async () =>
    {
        Isp.World.Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
        return await LastOrderAsync() == order;
    });

    private Task<string> LastOrderAsync()
        => Isp.QueryAsync("kind, state, outcome) from network_orders where session_id is not null order by id desc limit 1 --");

    private async Task<EmulatedSession> KnownAsync(LoginOutcome login)
    {
        Assert.Null(login.Error);
        await Router.AccountingSentAsync(Token);
        Assert.NotEqual("0", await Isp.QueryAsync("count(*)) from open_sessions --"));
        return login.Session!;
    }

    private async Task UseApiAsync(Guid routerId) => await Isp.World.WriteAsync(async db =>
    {
        var router = (await db.Routers.FindAsync([Isp.World.TenantId, routerId], Token))!;
        var options = Router.Options;
        router.ReachByApi(new RouterApiAccess(
            options.ApiUser, Isp.Protect(Isp.World.TenantId, options.ApiPassword), Router.ApiEndPoint.Port, certificateFingerprint: null));
        return 0;
    });

    public async ValueTask DisposeAsync()
    {
        await Isp.DisposeAsync();
        await Router.DisposeAsync();
    }
}
