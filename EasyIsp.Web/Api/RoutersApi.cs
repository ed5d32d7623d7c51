using EasyIsp.Core.Identity;
using EasyIsp.Core.Reports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api;

internal static class RoutersApi
{
    public static void MapRouters(this IEndpointRouteBuilder api)
    {
        var routers = api.MapGroup("/routers").WithTags("Routers");
        routers.MapGet("", ListAsync).Needs(Permission.RoutersView).WithSummary("Routers in use, and whether they are heard");
        routers.MapGet("/{id:guid}", FindAsync).Needs(Permission.RoutersView).WithSummary("One router");
    }

    private static async Task<ApiPage<RouterJson>> ListAsync([AsParameters] ApiPageQuery page, RouterList list, CancellationToken cancellationToken)
        => ApiPage<RouterJson>.Of(await list.ListAsync(page.Slice, cancellationToken), RouterJson.Of, row => row.Id);

    private static async Task<Results<Ok<RouterJson>, ProblemHttpResult>> FindAsync(Guid id, RouterList list, CancellationToken cancellationToken)
        => await list.FindAsync(id, cancellationToken) is { } router ? TypedResults.Ok(RouterJson.Of(router)) : ApiProblems.NotFound("router");
}

/// <param name="State">Silent when nothing came from it for twelve minutes.</param>
/// <param name="Online">Sessions that are open there.</param>
internal sealed record RouterJson(
    Guid Id, string Name, string IpAddress, string? TunnelIpAddress, RouterState State, DateTimeOffset? LastHeardAt, int Online, DateTimeOffset CreatedAt)
{
    public static RouterJson Of(RouterRow row) => new(
        row.Id, row.Name, row.Address.ToString(), row.TunnelAddress?.ToString(), row.State, row.LastHeardAt, row.Online, row.CreatedAt);
}
