using System.Security.Cryptography;
using EasyIsp.Core.Shared.Hosting;

namespace EasyIsp.Web.Layout;

/// <summary>What a browser may do with our pages. MudBlazor writes styles into the page, hence 'unsafe-inline' for styles alone.</summary>
internal static class SecurityHeaders
{
    private static readonly object NonceKey = new();

    /// <summary>The nonce of this response's inline scripts.</summary>
    public static string CspNonce(this HttpContext context)
    {
        if (context.Items[NonceKey] is not string nonce)
            context.Items[NonceKey] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        return nonce;
    }

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.UseAnswerHeaders(
        context => $"default-src 'self'; script-src 'self' 'nonce-{context.CspNonce()}'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; "
            + "form-action 'self'; frame-ancestors 'none'",
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=()"),
        ("Cross-Origin-Resource-Policy", "same-origin"));
}
