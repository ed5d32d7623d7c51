using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Payments;

/// <summary>Follows one purchase, from the prompt to the Internet. It refreshes itself; with a script it is told sooner.</summary>
internal sealed class PayPage(PortalRequest portal, Purchases purchases) : PageModel
{
    public PurchaseView Purchase { get; private set; } = null!;

    /// <summary>Seconds until the page looks again; null when there is nothing to wait for.</summary>
    public int? LooksAgainAfter => Purchase.Stage switch
    {
        PurchaseStage.Waiting => 3,
        PurchaseStage.BringingOnline => 2,
        PurchaseStage.StillLooking => 15,
        _ => null,
    };

    public async Task<IActionResult> OnGetAsync(Guid requestId, CancellationToken cancellationToken)
    {
        if (await purchases.FindAsync(portal.Visit, requestId, cancellationToken) is not { } purchase)
            return NotFound();

        Purchase = purchase;
        return purchase.Stage == PurchaseStage.GoOnline ? Redirect(portal.Link("/connect")) : Page();
    }

    /// <summary>The stage in one word, for the script that waits for another.</summary>
    public async Task<IActionResult> OnGetStageAsync(Guid requestId, CancellationToken cancellationToken)
        => await purchases.FindAsync(portal.Visit, requestId, cancellationToken) is { } purchase
            ? Content(purchase.Stage.ToString())
            : NotFound();
}
