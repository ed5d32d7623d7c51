using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Payments;

/// <summary>One decision: which phone pays.</summary>
internal sealed class BuyPage(
    PortalRequest portal, HotspotOffers offers, Prompts prompts, Purchases purchases, PortalLimits limits, PortalMetrics metrics) : PageModel
{
    private const string PhoneCookie = "phone";

    public HotspotOffer Offer { get; private set; } = null!;

    [BindProperty]
    public string? Phone { get; set; }

    /// <summary>An earlier attempt of this visit, to be repeated with the same phone; the page never shows that phone in full.</summary>
    [BindProperty]
    public Guid? Again { get; set; }

    /// <summary>By which provider he wants to pay; null by the one that is used first.</summary>
    [BindProperty]
    public Rail? By { get; set; }

    /// <summary>To be chosen from where there are several.</summary>
    public IReadOnlyList<Rail> Rails { get; private set; } = [];

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid packageId, CancellationToken cancellationToken)
    {
        Phone = Request.Cookies[PhoneCookie];
        return await OfferAsync(packageId, cancellationToken) ?? Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid packageId, CancellationToken cancellationToken)
    {
        if (await OfferAsync(packageId, cancellationToken) is { } elsewhere)
            return elsewhere;

        var phone = await PayingPhoneAsync(cancellationToken);
        if (phone is null)
            return Refuse(portal.Text.PhoneWrong(PhoneExample.Of(portal.Brand!.Country)));
        if (await limits.RefuseAsync(
            HttpContext,
            LimitRules.PurchaseByAddress.Of(HttpContext.Connection.RemoteIpAddress),
            LimitRules.PurchaseByVisit.Of(portal.Visit.Id),
            LimitRules.PromptByTenant.Of(portal.Visit.TenantId),
            LimitRules.PromptByPhone.Of(phone)) is { } wait)
        {
            return Refuse(wait);
        }

        Remember(phone);
        var order = new PromptOrder(packageId, phone, Device(), portal.Visit.Id, By) { RouterId = portal.Visit.RouterId };
        var outcome = await prompts.AskWalkInAsync(order, cancellationToken);
        switch (outcome)
        {
            case PromptOutcome.Asked { RequestId: var requestId }:
                // A request that somebody else's visit has open for this phone stays that visit's.
                if (await purchases.PhoneOfAsync(portal.Visit, requestId, cancellationToken) is null)
                    return Refuse(portal.Text.For(PayerMessage.PromptAlreadyOpen));
                metrics.PurchaseBegun();
                return Redirect(portal.Link($"/pay/{requestId}"));
            case PromptOutcome.NoPaymentAccount:
                return Refuse(portal.Text.For(PayerMessage.ProviderNotSetUp));
            case PromptOutcome.CustomerSuspended:
                return Refuse(portal.Text.Suspended);
            default:
                return Refuse(portal.Text.PackageGone);
        }
    }

    /// <returns>Where to go instead, when this package cannot be bought from this visit.</returns>
    private async Task<IActionResult?> OfferAsync(Guid packageId, CancellationToken cancellationToken)
    {
        if (portal.Visit.MacAddress is null)
            return Redirect(portal.Link());
        if (await offers.FindAsync(packageId, cancellationToken) is not { } offer)
            return NotFound();

        (Offer, Rails) = (offer, await prompts.RailsAsync(portal.Visit.RouterId, cancellationToken));
        return null;
    }

    private async Task<string?> PayingPhoneAsync(CancellationToken cancellationToken) => Again is { } earlier
        ? await purchases.PhoneOfAsync(portal.Visit, earlier, cancellationToken)
        : PhoneNumber.Normalize(Phone, portal.Brand!.Country);

    private WaitingDevice? Device() => portal.Visit is { MacAddress: { } mac, Address: { } address }
        ? new WaitingDevice(portal.Visit.RouterId, new DeviceAtHotspot(mac, address))
        : null;

    /// <summary>In the browser alone: whoever claims this device at the portal must not learn its owner's number.</summary>
    private void Remember(string phone) => Response.Cookies.Append(PhoneCookie, PhoneNumber.ToNational(phone), new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = Request.IsHttps,
        Path = portal.VisitPath,
        MaxAge = HotspotVisit.Lifetime,
    });

    private PageResult Refuse(string fault)
    {
        Fault = fault;
        return Page();
    }
}
