using EasyIsp.Core.Hotspot;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Hotspot;

/// <summary>Where a device arrives: what it has, what it can buy, and the other ways in.</summary>
internal sealed class VisitPage(PortalRequest portal, HotspotOffers offers, HotspotAccess access) : PageModel
{
    internal const string RefusedFlag = "refused";

    public IReadOnlyList<HotspotOffer> Offers { get; private set; } = [];
    public AccessNow? Access { get; private set; }

    [BindProperty(Name = RefusedFlag, SupportsGet = true)]
    public int RefusedByRouter { get; set; }

    public bool IsAtHotspot => portal.Visit.MacAddress is not null;

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Access = await access.OfAsync(portal.Visit, cancellationToken);
        Offers = await offers.OnSaleAsync(portal.Visit.RouterId, cancellationToken);
    }
}
