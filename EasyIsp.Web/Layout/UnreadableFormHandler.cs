using EasyIsp.Web.Api;
using Microsoft.AspNetCore.Diagnostics;

namespace EasyIsp.Web.Layout;

/// <summary>A form that cannot be read, or was forged, gets its status and no page: to make one, the form would be read again.</summary>
internal sealed class UnreadableFormHandler : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var isOfApi = httpContext.Features.Get<IExceptionHandlerFeature>()?.Path is { } path && ApiFeature.IsOfApi(path);
        if (exception is not BadHttpRequestException unreadable || isOfApi || HttpMethods.IsGet(httpContext.Request.Method))
            return ValueTask.FromResult(false);

        httpContext.Response.StatusCode = unreadable.StatusCode;
        return ValueTask.FromResult(true);
    }
}
