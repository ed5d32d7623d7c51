namespace EasyIsp.Portal.Hosting;

internal static class SecurityHeaders
{
    /// <summary>
    /// Nothing but our own stylesheets, scripts and images; forms go to us and to the router that the visit came from.
    /// A browser that follows these cannot be made to send a password elsewhere.
    /// </summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var router = context.RequestServices.GetRequiredService<PortalRequest>().RouterOrigin;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy =
                $"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
                + $"frame-ancestors 'none'; form-action 'self'{(router is null ? "" : $" {router}")}";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            if (headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }, http);
        return next(http);
    });
}
