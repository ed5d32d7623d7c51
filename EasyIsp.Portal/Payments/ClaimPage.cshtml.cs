using EasyIsp.Core.Payments.Claims;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Payments;

/// <summary>Follows the question about one receipt. It refreshes itself while an answer may come.</summary>
internal sealed class ClaimPage(PortalRequest portal, PaidReceipts receipts, ReceiptClaims claims) : PageModel
{
    public ClaimView View { get; private set; } = null!;

    /// <summary>Its time is over: it was found, and bought what has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Seconds until the page looks again; null when there is nothing to wait for.</summary>
    public int? LooksAgainAfter => View.Payment is not null ? (View.Payment.IsInSuspense ? 20 : null)
        : View.Waits ? 3
        : View.Claim.State == ReceiptClaimState.Asked ? 20
        : null;

    public async Task<IActionResult> OnGetAsync(Guid claimId, CancellationToken cancellationToken)
    {
        if (await claims.FindAsync(claimId, portal.Visit.Id, cancellationToken) is not { } view)
            return NotFound();

        View = view;
        if (view.Payment?.CustomerId is not { } customerId)
            return Page();
        if (await receipts.WelcomeAsync(portal.Visit, customerId, cancellationToken))
            return Redirect(portal.Link("/connect"));

        IsOver = true;
        return Page();
    }
}
