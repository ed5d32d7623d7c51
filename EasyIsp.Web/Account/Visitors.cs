using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Shared;
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
        var mark = http.Request.Cookies[DeviceCookie];
        if (string.IsNullOrEmpty(mark))
        {
            mark = RandomText.Key();
            http.Response.Cookies.Append(DeviceCookie, mark, new CookieOptions
            {
                HttpOnly = true,
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
