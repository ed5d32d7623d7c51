using EasyIsp.Emulators.Routers;

namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>
/// A person at a hotspot: buys, or uses what is left from before, browses for a while and leaves; sometimes to come
/// back. Whatever happens, the router forgets his phone.
/// </summary>
internal sealed class Shopper(
    Passerby who, EmulatedRouter router, PortalBrowser browser, ShoppersOptions options, Random random, TimeProvider clock)
{
    private const string Arriving = "arriving";
    private const double ComesBack = 0.25;
    private const double LogsOut = 0.3;
    private const double BusiestLoad = 0.5;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Typing = TimeSpan.FromSeconds(6);

    public string Router => router.Options.Name;
    public string Phone => who.Phone;

    /// <summary>In words, for who watches.</summary>
    public string Doing { get; private set; } = Arriving;

    /// <exception cref="HttpRequestException">The portal is away, or refuses.</exception>
    /// <exception cref="UnexpectedPageException">The portal's pages led nowhere.</exception>
    public async Task LiveAsync(CancellationToken cancellationToken)
    {
        while (await VisitAsync(cancellationToken) && random.NextDouble() < ComesBack)
        {
            Doing = "away, coming back";
            await PassAsync(options.MeanAbsence, cancellationToken);
        }
    }

    /// <returns>Whether he was online.</returns>
    private async Task<bool> VisitAsync(CancellationToken cancellationToken)
    {
        Doing = Arriving;
        var host = router.AddHost(who.Mac(options.Seed));
        try
        {
            await GoOnlineAsync(host, cancellationToken);
            if (host.Session is not { } session)
                return false;

            await BrowseAsync(session, cancellationToken);
            return true;
        }
        finally
        {
            router.RemoveHost(host);
        }
    }

    private async Task GoOnlineAsync(EmulatedHost host, CancellationToken cancellationToken)
    {
        var purchase = new Purchase(router, host, browser);
        var page = await purchase.ArriveAsync(cancellationToken);
        Doing = "looking at the portal";
        await PassAsync(Reading, cancellationToken);
        if (page.ConnectLink is { } left)
            page = await purchase.LookAgainAsync(left, cancellationToken);
        else if (page.Offers.Count > 0)
            page = await BuyAsync(purchase, Taste.Choose(page.Offers, random), cancellationToken);
        await WaitAsync(purchase, host, page, cancellationToken);
    }

    private async Task<PortalPage> BuyAsync(Purchase purchase, PortalOffer offer, CancellationToken cancellationToken)
    {
        Doing = $"buying for {offer.Price:0.##}";
        var form = await purchase.ChooseAsync(offer, cancellationToken);
        await PassAsync(Typing, cancellationToken);
        return await purchase.PayAsync(form, who.Phone, cancellationToken);
    }

    /// <summary>Watches the page until it is done, he is online, or he has had enough.</summary>
    private async Task WaitAsync(Purchase purchase, EmulatedHost host, PortalPage page, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + options.Patience;
        while (page.Refresh is { } refresh && clock.GetUtcNow() < until)
        {
            await Task.Delay(refresh.After, clock, cancellationToken);
            page = await purchase.LookAgainAsync(refresh.Address, cancellationToken);
        }

        Doing = host.Session is null ? "leaving without Internet" : "online";
    }

    private async Task BrowseAsync(EmulatedSession session, CancellationToken cancellationToken)
    {
        Doing = "browsing";
        var until = clock.GetUtcNow() + Taste.Stay(options.MeanStay, options.LongestStay, random);
        while (session.EndedBy is null && clock.GetUtcNow() < until)
        {
            await Task.Delay(Step, clock, cancellationToken);
            router.Browse(session, Step, random.NextDouble() * BusiestLoad);
        }

        // Who does not log out walks away, and the router notices.
        if (random.NextDouble() < LogsOut)
            router.Disconnect(session);
    }

    private Task PassAsync(TimeSpan mean, CancellationToken cancellationToken)
        => Task.Delay(Taste.About(mean, random), clock, cancellationToken);
}
