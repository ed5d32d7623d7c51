using EasyIsp.Core.Limits;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Claims;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Payments;

/// <summary>"I have paid already": the receipt of the message leads back to what it bought; of one that is unknown M-Pesa is asked.</summary>
internal sealed class ReceiptPage(
    PortalRequest portal, PaidReceipts receipts, ReceiptClaims claims, PortalLimits limits) : PageModel
{
    [BindProperty]
    public string? Receipt { get; set; }

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await limits.RefuseAsync(
            HttpContext, LimitRules.ReceiptByAddress.Of(HttpContext.Connection.RemoteIpAddress), LimitRules.ReceiptByVisit.Of(portal.Visit.Id)) is { } wait)
        {
            return Refuse(wait);
        }

        if (Receipts.Typed(Receipt) is not { } receipt)
            return Refuse(portal.Text.ReceiptMalformed);
        if (await receipts.PayerOfAsync(receipt, cancellationToken) is { } payer)
            return await WelcomeAsync(payer, cancellationToken);
        if (await receipts.AskAfterOpenAsync(portal.Visit, cancellationToken) is { } requestId)
            return Redirect(portal.Link($"/pay/{requestId}"));

        return await claims.AskAsync(receipt, portal.Visit.Id, cancellationToken) switch
        {
            ClaimOutcome.Asked { ClaimId: var claimId } => Redirect(portal.Link($"/receipt/{claimId}")),
            ClaimOutcome.Known => Refuse(portal.Text.ClaimFoundText(receipt)),
            ClaimOutcome.TooMany => Refuse(portal.Text.TooManyTries(portal.Text.Wait(ReceiptClaims.PauseBetween))),
            _ => Refuse(portal.Text.ReceiptUnknown),
        };
    }

    private async Task<IActionResult> WelcomeAsync(Guid customerId, CancellationToken cancellationToken)
        => await receipts.WelcomeAsync(portal.Visit, customerId, cancellationToken)
            ? Redirect(portal.Link("/connect"))
            : Refuse(portal.Text.ReceiptOver);

    private PageResult Refuse(string fault)
    {
        Fault = fault;
        return Page();
    }
}
