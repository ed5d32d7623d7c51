using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EasyIsp.Core.Shared.Hosting;

/// <summary>
/// Refuses addresses with the sign U+0000 in their query: nobody types it, no text of PostgreSQL can hold it, and whatever
/// looked for it would fail.
/// </summary>
public static class ReadableAddresses
{
    public static IApplicationBuilder UseReadableAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) is not true)
            return next(context);

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });
}
