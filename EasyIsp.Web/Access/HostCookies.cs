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

    public void PostConfigure(string? name, AntiforgeryOptions options)
    {
        options.Cookie = new SecureCookie(options.Cookie);
        Protect(options.Cookie);
        // Asked for by policy, it answers 500 to what a proxy brings that TrustedProxies does not name: by http, as it seems.
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    private void Protect(CookieBuilder cookie)
    {
        if (console.Value.PublicUrl?.Scheme != Uri.UriSchemeHttps)
        {
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            return;
        }

        cookie.Name = Prefix + cookie.Name;
        cookie.SecurePolicy = CookieSecurePolicy.Always;
        (cookie.Path, cookie.Domain) = ("/", null);
    }

    /// <summary>Sent by https alone where its name says so, by whichever way the request came.</summary>
    private sealed class SecureCookie : CookieBuilder
    {
        public SecureCookie(CookieBuilder other)
            => (Name, Path, Domain, HttpOnly, SameSite, IsEssential, MaxAge, Expiration)
                = (other.Name, other.Path, other.Domain, other.HttpOnly, other.SameSite, other.IsEssential, other.MaxAge, other.Expiration);

        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure |= Name?.StartsWith(Prefix, StringComparison.Ordinal) is true;
            return options;
        }
    }
}
