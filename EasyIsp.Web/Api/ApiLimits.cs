using System.Globalization;
using System.Threading.RateLimiting;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Api;

/// <summary>How often a token may ask; each token has a bucket of its own, and each address without one.</summary>
internal static class ApiLimits
{
    public const string Policy = "api";

    public static void Add(RateLimiterOptions limits)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.AddPolicy(Policy, PartitionOf);
        limits.OnRejected = RefuseAsync;
    }

    /// <summary>Of a request's body: what is larger is not read.</summary>
    public const long MostBytes = 64 * 1024;

    public static Task LimitBodyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = MostBytes;
        return context.Request.ContentLength > MostBytes ? ApiProblems.TooLarge(MostBytes).ExecuteAsync(context) : next(context);
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value;
        return context.User.TokenId() is { } token
            ? RateLimitPartition.GetTokenBucketLimiter(token.ToString(), _ => Bucket(options.Burst, options.RequestsPerSecond))
            : RateLimitPartition.GetTokenBucketLimiter($"address {context.Connection.RemoteIpAddress}", _ => Bucket(options.StrangersBurst, perSecond: 1));
    }

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perSecond) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    private static async ValueTask RefuseAsync(OnRejectedContext refused, CancellationToken cancellationToken)
    {
        var wait = refused.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        refused.HttpContext.Response.Headers.RetryAfter = seconds;
        await ApiProblems.TooMany($"Wait {seconds} s (Retry-After), and ask less often: follow /api/v1/events instead of asking again and again.")
            .ExecuteAsync(refused.HttpContext);
    }
}
