using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Limits;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Hotspot;

/// <summary>The form that logs the device in at its router; a script sends it at once, a button without one.</summary>
internal sealed class ConnectPage(PortalRequest portal, HotspotLogin logins, PortalLimits limits) : PageModel
{
    public BrowserLogin.Post Login { get; private set; } = null!;

    /// <summary>
    /// Where the router sends the browser afterwards. By the name that the browser itself uses: browsers hold form-action
    /// against redirects too, and would not follow one to any other.
    /// </summary>
    public string Destination => $"{Request.Scheme}://{Request.Host}{portal.Link("/online")}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await limits.RefuseAsync(HttpContext, LimitRules.ConnectByVisit.Of(portal.Visit.Id)) is not null)
            return StatusCode(StatusCodes.Status429TooManyRequests);

        switch (await logins.PrepareAsync(portal.Visit.Key, cancellationToken))
        {
            case BrowserLogin.Post post:
                Login = post;
                return Page();
            case BrowserLogin.FetchChallenge { LinkLoginOnly: var link }:
                return Redirect(portal.Visit.LinkOrig is { } wanted ? $"{link}?dst={Uri.EscapeDataString(wanted)}" : link);
            case BrowserLogin.NothingLeft:
                return Redirect(portal.Link());
            default:
                return Redirect(portal.Link("/online"));
        }
    }
}
