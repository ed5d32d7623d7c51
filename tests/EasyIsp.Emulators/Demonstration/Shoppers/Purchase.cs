using EasyIsp.Emulators.Routers;

namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>
/// One phone's way through the portal, by its real pages: from the router's hand-over to the Internet. What the
/// browser would post to the router's own page is handed to the router here: on loopback that page cannot tell phones
/// apart, and would take a tester's for this one.
/// </summary>
internal sealed class Purchase(EmulatedRouter router, EmulatedHost host, PortalBrowser browser)
{
    /// <returns>What the portal shows: the shelf, and the way online when there is time left from before.</returns>
    public Task<PortalPage> ArriveAsync(CancellationToken cancellationToken)
        => browser.GetAsync(router.HandoverOf(host), cancellationToken);

    /// <exception cref="UnexpectedPageException">The portal offers no way to pay.</exception>
    public async Task<PortalForm> ChooseAsync(PortalOffer offer, CancellationToken cancellationToken)
        => (await browser.GetAsync(offer.Link, cancellationToken)).PayingForm ?? throw new UnexpectedPageException("asks for no phone number");

    /// <returns>The page that waits for the money, or says at once that none will come.</returns>
    public Task<PortalPage> PayAsync(PortalForm form, string phone, CancellationToken cancellationToken)
        => browser.PayAsync(form, phone, cancellationToken);

    /// <summary>Looks once more, as the page itself would. Where it asks the browser to sign in at the router, that is done.</summary>
    /// <exception cref="UnexpectedPageException">The router refused.</exception>
    public async Task<PortalPage> LookAgainAsync(Uri address, CancellationToken cancellationToken)
    {
        var page = await browser.GetAsync(address, cancellationToken);
        if (page.RouterForm is not { } form || host.Session is not null)
            return page;

        var login = await router.LoginAsync(host.Mac, form.Fields["username"], form.Fields["password"], cancellationToken);
        if (login.Error is { } error && host.Session is null)
            throw new UnexpectedPageException($"led to a router that says: {error}");
        return form.Fields.TryGetValue("dst", out var next) && Uri.TryCreate(next, UriKind.Absolute, out var onward)
            ? await browser.GetAsync(onward, cancellationToken)
            : page;
    }
}

/// <summary>The portal answered, but not with what a person needs to go on. The message completes "The portal …".</summary>
internal sealed class UnexpectedPageException(string message) : Exception(message);
