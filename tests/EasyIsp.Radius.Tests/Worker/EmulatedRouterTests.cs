using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Routers;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>The emulated router, whose RADIUS is written without the worker's code, dials customers in at the worker.</summary>
public sealed class EmulatedRouterTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PppoeAuthentication.Pap)]
    [InlineData(PppoeAuthentication.Chap)]
    [InlineData(PppoeAuthentication.MsChap2)]
    public async Task A_home_dials_in_by_every_method_and_is_shown_why_not(PppoeAuthentication method)
    {
        await using var isp = await Isp.OpenAsync(server);
        using var nas = await isp.AddRouterAsync("127.0.1.31");
        await isp.AddSubscriberAsync("house", "sirí✓", AccessType.Pppoe);
        await using var router = new EmulatedRouter(
            new EmulatedRouterOptions
            {
                Address = "127.0.1.31",
                RadiusAuthPort = isp.Auth.Port,
                RadiusAcctPort = isp.Acct.Port,
                RadiusSecret = Isp.Secret,
                ApiPort = 0,
                CoaPort = 0,
                HotspotPort = 0,
                PppoeAuthentication = method,
            },
            TimeProvider.System);
        await router.StartAsync(Token);

        var refused = await router.DialPppoeAsync("house", "siri", Isp.Mac, Token);
        var online = await router.DialPppoeAsync("House", "sirí✓", Isp.Mac, Token);

        Assert.Equal("Wrong user name or password", refused.Error);
        Assert.Equal("2000k/5000k", online.Session!.RateLimit);
        await router.AccountingSentAsync(Token);
        Assert.Equal("House", await isp.QueryAsync("user_name) from open_sessions --"));
    }
}
