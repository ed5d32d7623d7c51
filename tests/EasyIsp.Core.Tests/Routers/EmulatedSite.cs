using EasyIsp.Core.Routers.RouterOs;
using EasyIsp.Emulators.Routers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>A running emulated router, the RADIUS server it asks, and the clock both live by.</summary>
internal sealed class EmulatedSite : IAsyncDisposable
{
    public const string Mac = "BC:24:11:EB:56:4D";

    private EmulatedSite(EmulatedRouter router, ScriptedRadiusServer radius, FakeTimeProvider clock)
        => (Router, Radius, Clock) = (router, radius, clock);

    public EmulatedRouter Router { get; }
    public ScriptedRadiusServer Radius { get; }
    public FakeTimeProvider Clock { get; }

    public RouterEndpoint Endpoint => new(Router.Options.Address, Router.Options.ApiUser, Router.Options.ApiPassword)
    {
        Port = Router.ApiEndPoint.Port,
    };

    /// <param name="realTime">For what waits inside sockets: retransmissions.</param>
    public static async Task<EmulatedSite> OpenAsync(Action<EmulatedRouterOptions>? configure = null, bool realTime = false)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var radius = new ScriptedRadiusServer();
        var options = new EmulatedRouterOptions
        {
            RadiusAuthPort = radius.AuthPort,
            RadiusAcctPort = radius.AcctPort,
            RadiusSecret = ScriptedRadiusServer.Secret,
            ApiPort = 0,
            CoaPort = 0,
            HotspotPort = 0,
            // The scripted server knows no passwords, so it cannot prove that it does.
            PppoeAuthentication = PppoeAuthentication.Chap,
            // A test that moves the clock must not make the router repeat what is just being answered.
            RadiusTimeout = TimeSpan.FromDays(1),
        };
        configure?.Invoke(options);
        var site = new EmulatedSite(new EmulatedRouter(options, realTime ? TimeProvider.System : clock), radius, clock);
        await site.Router.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public Task<LoginOutcome> LoginAsync(string user = "voucher1", string password = "voucher1")
        => Router.LoginAsync(Mac, user, password, TestContext.Current.CancellationToken);

    public Task<LoginOutcome> DialAsync(string user = "0712345678", string password = "hello123")
        => Router.DialPppoeAsync(user, password, mac: null, TestContext.Current.CancellationToken);

    public Task<IRouterClient> ConnectAsync() => new RouterConnector(TimeProvider.System).ConnectAsync(
        Endpoint, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await Radius.DisposeAsync();
    }
}
