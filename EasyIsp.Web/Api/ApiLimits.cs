using System.Globalization;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Http.Features;

namespace EasyIsp.Web.Api;

/// <summary>How often a token may ask, its company by all tokens together, and an address without one.</summary>
internal static class ApiLimits
{
    /// <summary>Of a request's body: what is larger is not read.</summary>
    public const long MostBytes = 64 * 1024;

    public static Task LimitBodyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = MostBytes;
        return context.Request.ContentLength > MostBytes ? ApiProblems.TooLarge(MostBytes).ExecuteAsync(context) : next(context);
    }

    /// <summary>After it is known whose token it is, and before anything is done for it.</summary>
    public static void UseApiLimits(this WebApplication app)
        => app.UseWhen(context => ApiFeature.IsOfApi(context.Request.Path), api => api.Use(LimitTriesAsync));

    private static async Task LimitTriesAsync(HttpContext context, RequestDelegate next)
    {
        var limits = context.RequestServices.GetRequiredService<TryLimiter>();
        var tenant = context.RequestServices.GetRequiredService<TenantContext>().Chosen;
        LimitKey[] keys = context.User.TokenId() is { } token && tenant is { } company
            ? [LimitRules.ApiByToken.Of(token), LimitRules.ApiByTenant.Of(company)]
            : [LimitRules.ApiByAddress.Of(context.Connection.RemoteIpAddress)];
        if (await limits.TakeAsync(tenant, context.RequestAborted, keys) is not { } refusal)
        {
            await next(context);
            return;
        }

        context.Response.Headers.RetryAfter = refusal.Seconds.ToString(CultureInfo.InvariantCulture);
        await ApiProblems.TooMany($"Wait {refusal.Seconds} s (Retry-After), and ask less often: follow /api/v1/events instead of asking again and again.")
            .ExecuteAsync(context);
    }
}
