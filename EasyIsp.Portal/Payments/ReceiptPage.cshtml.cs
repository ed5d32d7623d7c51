using EasyIsp.Core.Hotspot;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Payments;

/// <summary>"I have paid already": the receipt of the message leads back to what it bought.</summary>
internal sealed class ReceiptPage(
    PortalRequest portal, PaidReceipts receipts, HotspotVisits visits, HotspotAccess access, PortalThrottle throttle) : PageModel
{
    [BindProperty]
    public string? Receipt { get; set; }

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!throttle.AllowsReceipt(HttpContext.Connection.RemoteIpAddress))
            return Refuse(portal.Text.TooManyTries);
        if (PaidReceipts.Normalize(Receipt) is not { } receipt)
            return Refuse(portal.Text.ReceiptMalformed);
        if (await receipts.PayerOfAsync(receipt, cancellationToken) is { } payer)
            return await WelcomeAsync(payer, cancellationToken);
        if (await receipts.AskAfterOpenAsync(portal.Visit, cancellationToken) is { } requestId)
            return Redirect(portal.Link($"/pay/{requestId}"));

        return Refuse(portal.Text.ReceiptUnknown);
    }

    private async Task<IActionResult> WelcomeAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await visits.RememberCustomerAsync(portal.Visit.Key, customerId, cancellationToken);
        var visit = await visits.FindAsync(portal.Visit.Key, cancellationToken);
        return visit is not null && await access.OfAsync(visit, cancellationToken) is { IsUsable: true }
            ? Redirect(portal.Link("/connect"))
            : Refuse(portal.Text.ReceiptOver);
    }

    private PageResult Refuse(string fault)
    {
        Fault = fault;
        return Page();
    }
}
