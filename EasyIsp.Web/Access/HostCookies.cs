using EasyIsp.Core.Mail;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Access;

/// <summary>
/// Where <c>Console:PublicUrl</c> is https, no cookie of the console is sent by anything else, and none can be planted by a
/// neighbour below the same domain: browsers take a cookie whose name begins so from its own host alone, and by https alone.
/// Who comes by http all the same is shown pages, and not signed in.
/// </summary>
internal sealed class HostCookies(IOptions<ConsoleOptions> console) : IPostConfigureOptions<CookieAuthenticationOptions>, IPostConfigureOptions<AntiforgeryOptions>
{
    public const string Prefix = "__Host-";

    public void PostConfigure(string? name, CookieAuthenticationOptions options) => Protect(options.Cookie);

    public void PostConfigure(string? name, AntiforgeryOptions options) => Protect(options.Cookie);

    private void Protect(CookieBuilder cookie)
    {
        // Not always: what a proxy brings that TrustedProxies does not name seems to come by http, and every form of it would be
        // answered by 500. A browser refuses a cookie of such a name that comes by http, whatever we say.
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        if (console.Value.PublicUrl?.Scheme != Uri.UriSchemeHttps)
            return;

        cookie.Name = Prefix + cookie.Name;
        (cookie.Path, cookie.Domain) = ("/", null);
    }
}
