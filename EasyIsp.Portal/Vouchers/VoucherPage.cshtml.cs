using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Vouchers;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Vouchers;

/// <summary>Turns a code into time and sends the device online; else says what is wrong with the code.</summary>
internal sealed class VoucherPage(PortalRequest portal, VoucherRedemption vouchers, HotspotVisits visits, PortalLimits limits) : PageModel
{
    [BindProperty]
    public string? Code { get; set; }

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (portal.Visit.MacAddress is not { } mac)
        {
            Fault = portal.Text.NotAtHotspot;
            return Page();
        }

        var who = new Redeemer(mac, HttpContext.Connection.RemoteIpAddress) { RouterId = portal.Visit.RouterId };
        var outcome = await vouchers.RedeemAsync(Code, who, cancellationToken);
        Guid? owner = outcome switch
        {
            RedeemOutcome.Redeemed redeemed => redeemed.CustomerId,
            RedeemOutcome.AlreadyUsed { BySameDevice: true, RunsUntil: not null } used => used.CustomerId,
            _ => null,
        };
        if (owner is not { } customerId)
        {
            Fault = FaultOf(outcome);
            return Page();
        }

        await visits.RememberCustomerAsync(portal.Visit.Key, customerId, cancellationToken);
        return RedirectToOnline();
    }

    private RedirectResult RedirectToOnline() => Redirect(portal.Link("/connect"));

    private string FaultOf(RedeemOutcome outcome) => outcome switch
    {
        RedeemOutcome.AlreadyUsed { BySameDevice: true } => portal.Text.VoucherUsedHere,
        RedeemOutcome.AlreadyUsed => portal.Text.VoucherUsed,
        RedeemOutcome.Expired expired => portal.Text.VoucherExpired(portal.When(expired.Since)),
        RedeemOutcome.Revoked => portal.Text.VoucherRevoked,
        RedeemOutcome.PackageGone => portal.Text.VoucherPackageGone,
        RedeemOutcome.Mistyped => portal.Text.VoucherMistyped,
        RedeemOutcome.TooManyTries tries => limits.Refuse(HttpContext, tries.Refusal),
        _ => portal.Text.VoucherUnknown,
    };
}
