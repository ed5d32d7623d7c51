using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Access;
using Microsoft.Net.Http.Headers;

namespace EasyIsp.Web.Account;

/// <summary>Who sits before the browser of a request.</summary>
internal static class Visitors
{
    private const string DeviceCookie = "easyisp-device";
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(400);

    /// <summary>Leaves a mark in a browser that has none, by which it is known when somebody signs in there again.</summary>
    public static Visitor Visitor(this HttpContext http)
    {
        // By https it is this host's alone, and nobody below the same domain can plant one.
        var name = http.Request.IsHttps ? HostCookies.Prefix + DeviceCookie : DeviceCookie;
        var mark = http.Request.Cookies[name];
        if (string.IsNullOrEmpty(mark))
        {
            mark = http.Request.Cookies[DeviceCookie] is { Length: > 0 } earlier ? earlier : RandomText.Key();
            http.Response.Cookies.Append(name, mark, new CookieOptions
            {
                HttpOnly = true,
                Path = "/",
                SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                MaxAge = Remembered,
                IsEssential = true,
            });
        }

        return new Visitor(
            http.Connection.RemoteIpAddress, http.Request.Headers[HeaderNames.UserAgent].ToString(), SHA256.HashData(Encoding.UTF8.GetBytes(mark)));
    }
}
