using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Tenancy;
using EasyIsp.Portal.Hotspot;

namespace EasyIsp.Portal.Hosting;

/// <summary>
/// Chooses the tenant, once, from the address: a router's site (<c>/h/{site}</c>) or a visit (<c>/v/{visit}</c>). An
/// address that names neither a site nor a visit of its tenant is 404; a suspended tenant's portal is 503.
/// </summary>
internal sealed class TenantFromRoute(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, PortalRequest portal)
    {
        if (portal.Text is null)
            portal.Speak(http.Request);

        var refusal = http.GetRouteValue("site") is string site ? await AtSiteAsync(http, portal, site)
            : http.GetRouteValue("visit") is string visit ? await AtVisitAsync(http, portal, visit)
            : StatusCodes.Status200OK;
        if (refusal == StatusCodes.Status200OK)
            await next(http);
        else
            http.Response.StatusCode = refusal;
    }

    private static async Task<int> AtSiteAsync(HttpContext http, PortalRequest portal, string code)
    {
        var services = http.RequestServices;
        if (await services.GetRequiredService<PortalSites>().FindAsync(code, http.RequestAborted) is not { } site)
            return StatusCodes.Status404NotFound;

        portal.RouterId = site.RouterId;
        return await ServeAsync(http, portal, site.TenantId);
    }

    private static async Task<int> AtVisitAsync(HttpContext http, PortalRequest portal, string text)
    {
        if (VisitAddress.Parse(text) is not { } address)
            return StatusCodes.Status404NotFound;

        var status = await ServeAsync(http, portal, address.TenantId);
        if (status != StatusCodes.Status200OK)
            return status;

        var visits = http.RequestServices.GetRequiredService<HotspotVisits>();
        if (await visits.FindAsync(address.Key, http.RequestAborted) is not { } visit)
            return StatusCodes.Status404NotFound;

        portal.Attend(visit, address);
        return StatusCodes.Status200OK;
    }

    private static async Task<int> ServeAsync(HttpContext http, PortalRequest portal, Guid tenantId)
    {
        http.RequestServices.GetRequiredService<TenantContext>().Use(tenantId);
        var brand = await http.RequestServices.GetRequiredService<HotspotOffers>().BrandAsync(http.RequestAborted);
        if (brand is null)
            return StatusCodes.Status404NotFound;

        portal.Serve(brand, http.Request);
        return brand.IsSuspended ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
    }
}
