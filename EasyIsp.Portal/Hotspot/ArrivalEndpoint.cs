using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Limits;
using EasyIsp.Portal.Hosting;
using Microsoft.Extensions.Primitives;

namespace EasyIsp.Portal.Hotspot;

/// <summary>Where a router's login page hands a device over (mikrotik.md, 5.3): writes it down and sends the browser to its visit.</summary>
internal static class ArrivalEndpoint
{
    public static void MapArrivals(this IEndpointRouteBuilder endpoints)
        => endpoints.MapMethods("/h/{site}", [HttpMethods.Get, HttpMethods.Post], ArriveAsync);

    private static async Task<IResult> ArriveAsync(
        HttpContext http, PortalRequest portal, HotspotVisits visits, PortalLimits limits, PortalMetrics metrics)
    {
        if (await limits.RefuseAsync(http, LimitRules.ArrivalByAddress.Of(http.Connection.RemoteIpAddress)) is not null)
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);

        var said = await SaidAsync(http.Request);
        var words = new RouterWords(
            said("mac"), said("ip"), said("link-login-only"), said("link-orig"), said("chap-id"), said("chap-challenge"));
        if (await visits.ArriveAsync(portal.RouterId!.Value, words, http.RequestAborted) is not { } arrived)
            return Results.NotFound();

        metrics.Arrived();
        portal.Attend(arrived.Visit, new VisitAddress(arrived.Visit.TenantId, arrived.Visit.Key));
        var wasRefused = !string.IsNullOrEmpty(said("error"));
        // 303: a browser that posted comes back with GET.
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = wasRefused ? Refused(portal)
            : arrived.ForFreshChallenge ? portal.Link("/connect")
            : portal.Link();
        return Results.Empty;
    }

    /// <summary>The router's words may be anybody's, so the page says its own.</summary>
    private static string Refused(PortalRequest portal) => $"{portal.VisitPath}?{VisitPage.RefusedFlag}=1";

    private static async Task<Func<string, string?>> SaidAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType)
            return name => Only(request.Query[name]);

        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        return name => Only(form[name]) ?? Only(request.Query[name]);
    }

    private static string? Only(StringValues values) => values.Count == 1 ? values[0] : null;
}
