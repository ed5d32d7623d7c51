using EasyIsp.Core.Hotspot;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Hotspot;

/// <summary>The form that logs the device in at its router; a script sends it at once, a button without one.</summary>
internal sealed class ConnectPage(PortalRequest portal, HotspotLogin logins, PortalThrottle throttle) : PageModel
{
    public BrowserLogin.Post Login { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!throttle.AllowsLogin(portal.Visit.Id))
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
