using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EasyIsp.Core.Shared.Hosting;

/// <summary>What every answer of every process says to browsers; what differs is what its pages are made of.</summary>
public static class AnswerHeaders
{
    /// <summary>A year. Without the names below: what else stands at the operator's domain is not ours to decide.</summary>
    private const string StrictTransport = "max-age=31536000";

    /// <summary>
    /// Written when the answer begins, so that an error's page has them too. Behind a proxy an answer goes out by https when
    /// one of <c>TrustedProxies</c> says so; only such answers bind the browser to https.
    /// </summary>
    /// <param name="policy">The content security policy.</param>
    /// <param name="others">What else the answer says, by header.</param>
    public static void UseAnswerHeaders(this IApplicationBuilder app, Func<HttpContext, string> policy, params (string Name, string Value)[] others) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy(context);
            headers.XContentTypeOptions = "nosniff";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            foreach (var (name, value) in others)
                headers[name] = value;
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = StrictTransport;
            return Task.CompletedTask;
        });
        return next(context);
    });
}
