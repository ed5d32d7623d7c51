using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EasyIsp.Portal.Layout;

/// <summary>Every refusal in the tenant's own words; the status of the answer stays what it was.</summary>
[ResponseCache(NoStore = true)]
internal sealed class ProblemPage(PortalRequest portal, PortalLimits limits) : PageModel
{
    public string Heading { get; private set; } = "";
    public string Sentence { get; private set; } = "";

    /// <summary>It passes by itself, so the page looks again.</summary>
    public bool IsPassing { get; private set; }

    public void OnGet() => Describe();

    public void OnPost() => Describe();

    private void Describe()
    {
        var text = portal.Text;
        if (Response.StatusCode == StatusCodes.Status200OK)
            Response.StatusCode = StatusCodes.Status404NotFound; // somebody typed this page's own address

        (Heading, Sentence) = Response.StatusCode switch
        {
            StatusCodes.Status429TooManyRequests => (text.TooManyHeading, limits.SentenceOf(Response)),
            StatusCodes.Status503ServiceUnavailable when portal.Brand is { IsSuspended: true } => (text.ClosedHeading, text.ClosedText),
            StatusCodes.Status503ServiceUnavailable => (text.BusyHeading, text.BusyText),
            >= 500 => (text.ErrorHeading, text.ErrorText),
            _ => (text.NotFoundHeading, text.NotFoundText),
        };
        IsPassing = Response.StatusCode == StatusCodes.Status503ServiceUnavailable && portal.Brand is not { IsSuspended: true };
    }
}
