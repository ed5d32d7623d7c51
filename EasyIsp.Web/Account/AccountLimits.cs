using System.Globalization;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Account;

/// <summary>Asks the limits before a step of signing in, and answers who tries too often: 429, and how long to wait.</summary>
internal static class AccountLimits
{
    /// <returns>Null when it may go on; else what the person reads.</returns>
    public static async Task<string?> RefuseAsync(this TryLimiter limits, HttpContext http, params IReadOnlyList<LimitKey> keys)
    {
        if (await limits.TakeAsync(tenantId: null, http.RequestAborted, keys) is not { } refusal)
            return null;

        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = refusal.Seconds.ToString(CultureInfo.InvariantCulture);
        return AccountWords.TooMany(refusal.RetryAfter);
    }

    /// <summary>An e-mail address that was typed, in one spelling, whether it is anybody's or not.</summary>
    public static LimitKey OfTyped(this LimitRule rule, string typed) => rule.Of((EmailAddress.Read(typed) ?? typed.Trim()).ToLowerInvariant());
}
