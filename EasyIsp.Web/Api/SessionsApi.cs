using EasyIsp.Core.Identity;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api;

internal static class SessionsApi
{
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("", OpenAsync).Needs(Permission.SessionsView).WithSummary("Sessions that are open now");
        sessions.MapGet("/ended", EndedAsync).Needs(Permission.SessionsView).WithSummary("Sessions that have ended, the latest begun first");
        sessions.MapGet("/{id:guid}", FindAsync).Needs(Permission.SessionsView).WithSummary("One session, open or ended");
        sessions.MapPost("/{id:guid}/disconnect", DisconnectAsync).Needs(Permission.SessionsDisconnect)
            .WithSummary("Orders the router to end the session; what becomes of the order is asked at its address");
        api.MapGet("/orders/{id:guid}", OrderAsync).Needs(Permission.SessionsView).WithTags("Sessions").WithSummary("What became of an order to a router");
    }

    /// <param name="search">The start of a user name, a hardware or IP address, or whatever finds a customer.</param>
    private static async Task<ApiPage<SessionJson>> OpenAsync(
        [AsParameters] ApiPageQuery page, Guid? customer, Guid? router, string? search, SessionLists lists, CancellationToken cancellationToken)
        => PageOf(await lists.OpenAsync(QueryOf(customer, router, search), page.Slice, cancellationToken));

    private static async Task<ApiPage<SessionJson>> EndedAsync(
        [AsParameters] ApiPageQuery page, Guid? customer, Guid? router, string? search, SessionLists lists, CancellationToken cancellationToken)
        => PageOf(await lists.EndedAsync(QueryOf(customer, router, search), page.Slice, cancellationToken));

    private static async Task<Results<Ok<SessionJson>, ProblemHttpResult>> FindAsync(Guid id, SessionLists lists, CancellationToken cancellationToken)
        => await lists.FindAsync([id], cancellationToken) is [var session]
            ? TypedResults.Ok(SessionJson.Of(session))
            : ApiProblems.NotFound("session");

    private static async Task<Results<Accepted<OrderJson>, ProblemHttpResult>> DisconnectAsync(
        Guid id, DisconnectDesk desk, SessionLists lists, CancellationToken cancellationToken)
    {
        if (await desk.DisconnectAsync(id, cancellationToken) is { } orderId && await desk.StatusAsync(orderId, cancellationToken) is { } order)
            return TypedResults.Accepted($"/api/v1/orders/{orderId}", OrderJson.Of(order));

        return await lists.FindAsync([id], cancellationToken) is [_]
            ? ApiProblems.Conflict("The session has ended already; there is nothing to disconnect.")
            : ApiProblems.NotFound("session");
    }

    private static async Task<Results<Ok<OrderJson>, ProblemHttpResult>> OrderAsync(Guid id, DisconnectDesk desk, CancellationToken cancellationToken)
        => await desk.StatusAsync(id, cancellationToken) is { } order
            ? TypedResults.Ok(OrderJson.Of(order))
            : ApiProblems.NotFound("order");

    private static SessionQuery QueryOf(Guid? customer, Guid? router, string? search) => new(default, search, router, customer);

    private static ApiPage<SessionJson> PageOf(Core.Shared.Slice<SessionRow> slice) => ApiPage<SessionJson>.Of(slice, SessionJson.Of, row => row.Id);
}

/// <param name="Outcome">What the router answered last, or why nothing came.</param>
internal sealed record OrderJson(
    Guid Id, Guid? SessionId, NetworkOrderState State, int Tries, string? Outcome, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public static OrderJson Of(OrderStatus order)
        => new(order.Id, order.SessionId, order.State, order.Tries, order.Outcome, order.CreatedAt, order.FinishedAt);
}
