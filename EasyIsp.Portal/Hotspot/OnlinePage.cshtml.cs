using EasyIsp.Core.Hotspot;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Hotspot;

/// <summary>Where the router sends a device that it let in: waits for its session, then says until when.</summary>
internal sealed class OnlinePage(PortalRequest portal, HotspotAccess access) : PageModel
{
    private const int MaxLooks = 6;

    public AccessNow? Access { get; private set; }

    /// <summary>How often the page has looked; it lives in the address, since the browser keeps nothing.</summary>
    [BindProperty(Name = "look", SupportsGet = true)]
    public int Look { get; set; }

    public bool IsStillLooking => Access is { IsOnline: false, IsUsable: true } && Look is >= 0 and < MaxLooks && portal.Visit.LinkLoginOnly is not null;

    public string NextLook => $"2;url={portal.Link("/online")}{(portal.Link().Contains('?', StringComparison.Ordinal) ? '&' : '?')}look={Look + 1}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Access = await access.OfAsync(portal.Visit, cancellationToken);
        return Access is null ? Redirect(portal.Link()) : Page();
    }
}
