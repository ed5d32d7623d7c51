using EasyIsp.Emulators.Demonstration.Shoppers;
using EasyIsp.Emulators.Routers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Portal.Tests.Hotspot;

/// <summary>The demonstration's people come through the same door as everybody: they must find their way on the real pages.</summary>
public sealed class DemoShopperTests(PostgresServer server) : IAsyncLifetime
{
    private readonly PortalWorld _portal = new(server);
    private EmulatedRouter _router = null!;

    public async ValueTask InitializeAsync()
    {
        await _portal.InitializeAsync();
        _router = new EmulatedRouter(
            new EmulatedRouterOptions { ApiPort = 0, CoaPort = 0, HotspotPort = 0, PortalUrl = $"http://localhost/h/{PortalWorld.Site}" },
            _portal.World.Clock);
        await _router.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task A_shopper_finds_the_shelf_pays_and_is_shown_online()
    {
        var who = new Passerby(0);
        var host = _router.AddHost(who.Mac(seed: 1));
        using var browser = new PortalBrowser(_portal.App.CreateClient());
        var purchase = new Purchase(_router, host, browser);

        var waiting = await BuyAsync(purchase, who);
        await SettleAsync();
        await _portal.OpenSessionAsync(await BuyerAsync(), host.Mac);
        var online = await purchase.LookAgainAsync(waiting.Address, TestContext.Current.CancellationToken);
        var later = await purchase.ArriveAsync(TestContext.Current.CancellationToken);

        Assert.Null(online.Refresh);
        Assert.Null(online.RouterForm);
        Assert.Null(later.ConnectLink);
        Assert.Equal([20m, 80m], later.Offers.Select(offer => offer.Price));
    }

    [Fact]
    public async Task Where_the_router_has_no_api_a_payer_is_led_to_sign_in_there()
    {
        var who = new Passerby(0);
        var host = _router.AddHost(who.Mac(seed: 1));
        using var browser = new PortalBrowser(_portal.App.CreateClient());
        var waiting = await BuyAsync(new Purchase(_router, host, browser), who);
        await SettleAsync();

        var page = await browser.GetAsync(waiting.Address, TestContext.Current.CancellationToken);
        var back = await browser.GetAsync(_router.HandoverOf(host), TestContext.Current.CancellationToken);

        Assert.Equal($"{_router.HotspotUrl}/login", page.RouterForm!.Action.AbsoluteUri);
        Assert.NotEqual("", page.RouterForm.Fields["password"]);
        Assert.EndsWith("/connect", back.ConnectLink!.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shopper_who_cancels_is_told_and_waits_no_longer()
    {
        var who = new Passerby(3);
        using var browser = new PortalBrowser(_portal.App.CreateClient());
        var purchase = new Purchase(_router, _router.AddHost(who.Mac(seed: 1)), browser);

        var waiting = await BuyAsync(purchase, who);
        await SettleAsync();

        Assert.Null((await purchase.LookAgainAsync(waiting.Address, TestContext.Current.CancellationToken)).Refresh);
    }

    /// <returns>How the page that waits for the money comes again.</returns>
    private static async Task<PageRefresh> BuyAsync(Purchase purchase, Passerby who)
    {
        var shelf = await purchase.ArriveAsync(TestContext.Current.CancellationToken);
        var form = await purchase.ChooseAsync(shelf.Offers[0], TestContext.Current.CancellationToken);
        var waiting = await purchase.PayAsync(form, who.Phone, TestContext.Current.CancellationToken);
        return waiting.Refresh ?? throw new InvalidOperationException("The page did not wait for the payment.");
    }

    private async Task SettleAsync()
    {
        await _portal.SendPromptsAsync();
        await _portal.SettleAsync(_portal.Daraja.Prompts.Single(prompt => prompt.ResultCode is null));
    }

    private Task<Guid> BuyerAsync() => _portal.World.ReadAsync(db => db.Subscriptions.Select(s => s.CustomerId).SingleAsync());
}
