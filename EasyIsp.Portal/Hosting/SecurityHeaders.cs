using EasyIsp.Core.Shared.Hosting;

namespace EasyIsp.Portal.Hosting;

internal static class SecurityHeaders
{
    /// <summary>
    /// Nothing but our own stylesheets, scripts and images; forms go to us and to the router that the visit came from.
    /// A browser that follows these cannot be made to send a password elsewhere.
    /// </summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        app.UseAnswerHeaders(
            PolicyOf,
            ("Referrer-Policy", "no-referrer"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"));
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                if (http.Response.Headers.CacheControl.Count == 0)
                    http.Response.Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(http);
        });
    }

    private static string PolicyOf(HttpContext http)
    {
        var router = http.RequestServices.GetRequiredService<PortalRequest>().RouterOrigin;
        return "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
            + $"frame-ancestors 'none'; form-action 'self'{(router is null ? "" : $" {router}")}";
    }
}
