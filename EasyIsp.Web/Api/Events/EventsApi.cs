using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Web.Api.Events;

/// <summary>Live events as Server-Sent Events (HTML standard, 9.2).</summary>
internal static class EventsApi
{
    private const Permission Needed = Permission.SessionsView;

    public static IServiceCollection AddApiEvents(this IServiceCollection services)
        => services.AddSingleton<EventHub>().AddSingleton<EventMetrics>().AddScoped<EventReader>().AddScoped<EventSender>();

    public static void MapEvents(this IEndpointRouteBuilder api) => api.MapGet("/events", FollowAsync).Needs(Needed)
        .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
        .WithTags("Events")
        .WithSummary("What happens, as it happens: session.started, session.ended, login.refused");

    /// <param name="types">Separated by commas; all where nothing is said.</param>
    private static async Task<IResult> FollowAsync(
        string? types,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        HttpContext context,
        TenantContext tenant,
        EventHub hub,
        EventSender sender,
        CancellationToken cancellationToken)
    {
        if (EventTypes.Read(types) is not { } wanted)
            return ApiProblems.Unreadable($"'types' may hold {string.Join(", ", EventTypes.All)}, separated by commas.");
        var cursor = lastEventId is { Length: > 0 } ? ApiEvent.CursorIn(lastEventId) : null;
        if (cursor is null && lastEventId is { Length: > 0 })
            return ApiProblems.Unreadable("'Last-Event-ID' is not the id of an event of ours. Leave it out to begin anew.");

        using var stream = new EventStream(context.User.TokenId()!.Value, wanted, tenant.RouterIds);
        switch (hub.Join(tenant.Id, stream))
        {
            case JoinOutcome.TooManyOfToken full: return ApiProblems.TooMany($"This token follows {full.Most} streams already. Close one, or use one stream for all.");
            case JoinOutcome.Full: return ApiProblems.Busy("Too many streams are open. Try again in a minute.");
            case JoinOutcome.Joined joined:
                try
                {
                    await joined.Feed.Begun.WaitAsync(cancellationToken);
                    using var watch = Watch(context, tenant, stream.TokenId);
                    await sender.SendAsync(context, joined.Feed, stream, watch, cursor);
                }
                finally
                {
                    hub.Leave(tenant.Id, stream);
                }

                break;
        }

        return TypedResults.Empty;
    }

    private static TokenWatch Watch(HttpContext context, TenantContext tenant, Guid tokenId)
    {
        var services = context.RequestServices;
        return new TokenWatch(
            services.GetRequiredService<ApiTokenDirectory>(),
            services.GetRequiredService<StaffDirectory>(),
            services.GetRequiredService<ChangeFeed>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<TokenWatch>>(),
            tenant.Id,
            tokenId,
            Needed,
            tenant.RouterIds);
    }
}
