using System.Globalization;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Tenancy;
using Microsoft.Net.Http.Headers;

namespace EasyIsp.Portal.Hosting;

/// <summary>Asks the limits before a deed, and answers whoever tries too often: 429, how long to wait for programs, and a sentence for people.</summary>
internal sealed class PortalLimits(TryLimiter limits, TenantContext tenant, PortalRequest portal)
{
    /// <returns>Null when it may go on; else what the person reads.</returns>
    public async Task<string?> RefuseAsync(HttpContext http, params IReadOnlyList<LimitKey> keys)
        => await limits.TakeAsync(tenant.Chosen, http.RequestAborted, keys) is { } refusal ? Refuse(http, refusal) : null;

    /// <returns>What the person reads.</returns>
    public string Refuse(HttpContext http, LimitRefusal refusal)
    {
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = refusal.Seconds.ToString(CultureInfo.InvariantCulture);
        return SentenceOf(http.Response);
    }

    /// <summary>Of an answer that was refused.</summary>
    public string SentenceOf(HttpResponse response)
    {
        var seconds = int.TryParse(response.Headers[HeaderNames.RetryAfter], CultureInfo.InvariantCulture, out var said) ? said : 60;
        return portal.Text.TooManyTries(portal.Text.Wait(TimeSpan.FromSeconds(seconds)));
    }
}
