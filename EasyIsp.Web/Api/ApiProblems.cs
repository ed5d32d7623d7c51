using EasyIsp.Core.Identity;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EasyIsp.Web.Api;

/// <summary>What went wrong and what to do, as problem+json (RFC 9457).</summary>
internal static class ApiProblems
{
    public static ProblemHttpResult Unreadable(string what) => Of(StatusCodes.Status400BadRequest, "This request cannot be read", what);

    public static ProblemHttpResult Unauthorized(string what) => Of(StatusCodes.Status401Unauthorized, "No valid token", what);

    /// <param name="needed">Null where it is not one permission that is missing.</param>
    public static ProblemHttpResult Forbidden(Permission? needed) => Of(
        StatusCodes.Status403Forbidden,
        "The token may not do this",
        needed is null
            ? "Neither the token nor whoever made it has a right here."
            : $"It needs the permission {needed}: the token must have it, and so must whoever made it. Make a new token in Settings, API.");

    /// <param name="thing">As in "customer".</param>
    public static ProblemHttpResult NotFound(string thing)
        => Of(StatusCodes.Status404NotFound, $"No such {thing}", $"Your company has no {thing} with this id, or none any more.");

    public static ProblemHttpResult Conflict(string what) => Of(StatusCodes.Status409Conflict, "Not as it is now", what);

    public static ProblemHttpResult TooLarge(long mostBytes)
        => Of(StatusCodes.Status413PayloadTooLarge, "Too large", $"A request may hold {mostBytes / 1024} kB.");

    public static ProblemHttpResult TooMany(string what) => Of(StatusCodes.Status429TooManyRequests, "Too much at once", what);

    public static ProblemHttpResult Busy(string what) => Of(StatusCodes.Status503ServiceUnavailable, "Busy", what);

    /// <param name="faults">By field, as the request spells it: what is wrong and what would be right.</param>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> faults) => TypedResults.Problem(new HttpValidationProblemDetails(faults)
    {
        Status = StatusCodes.Status422UnprocessableEntity,
        Title = "Some fields cannot stand as they are",
        Detail = "Nothing was written. Mend the fields in 'errors' and send it again.",
    });

    public static ProblemHttpResult Invalid(params IEnumerable<(string Field, string Fault)> faults)
        => Invalid(faults.GroupBy(fault => fault.Field).ToDictionary(field => field.Key, field => field.Select(fault => fault.Fault).ToArray()));

    private static ProblemHttpResult Of(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);
}

/// <summary>Failures below <c>/api</c> are told to a program; the rest of the console shows its page.</summary>
internal sealed class ApiExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The request's own path is that of the error page by now.
        if (httpContext.Features.Get<IExceptionHandlerFeature>()?.Path is not { } path || !ApiFeature.IsOfApi(path))
            return false;

        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ApiProblems.TooLarge(ApiLimits.MostBytes),
            BadHttpRequestException bad => ApiProblems.Unreadable(bad.Message),
            _ when exception.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter }
                => ApiProblems.Unreadable("A text holds the sign U+0000, which no text may hold. Nothing was written."),
            _ => TypedResults.Problem(
                "It has been noted. What was saved before is safe: try again in a moment.", statusCode: StatusCodes.Status500InternalServerError, title: "Something failed on our side"),
        };
        await problem.ExecuteAsync(httpContext);
        return true;
    }
}
