using EasyIsp.Core.Identity;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Sessions;

namespace EasyIsp.Web.Api;

internal static class LoginsApi
{
    public static void MapLogins(this IEndpointRouteBuilder api)
        => api.MapGet("/logins", ListAsync).Needs(Permission.SessionsView).WithTags("Logins").WithSummary("Logins that routers asked for, the newest first");

    /// <param name="kind">admitted, limited, refused, wrongNameOrPassword, nothingToUse, deviceOrPlace, suspended, voucher or method.</param>
    /// <param name="since">The first try was then or later.</param>
    /// <param name="search">The start of a user name, a hardware address, or whatever finds a customer.</param>
    private static async Task<ApiPage<LoginJson>> ListAsync(
        [AsParameters] ApiPageQuery page, string? kind, Guid? router, DateTimeOffset? since, string? search, LoginLists lists, CancellationToken cancellationToken)
    {
        var query = new LoginQuery(
            search, router, ApiChoice.Read<LoginKind>(kind, nameof(kind)), since?.ToUniversalTime(), Before: page.After, Take: page.Slice.Take);
        var logins = await lists.ListAsync(query, cancellationToken);
        return ApiPage<LoginJson>.Of(new Slice<LoginRow>(logins.Rows, logins.HasOlder), LoginJson.Of, row => row.Id);
    }
}

/// <param name="Refusal">Null: let in.</param>
/// <param name="Why">The refusal in words.</param>
/// <param name="IsLimited">Refused, and let in as far as a page that says why.</param>
/// <param name="At">Of the first try.</param>
/// <param name="Times">The same refusal again within five minutes is counted here.</param>
internal sealed record LoginJson(
    Guid Id,
    string UserName,
    ApiLink? Customer,
    ApiLink Router,
    string? MacAddress,
    string? NasPort,
    AccessType? AccessType,
    string Method,
    Refusal? Refusal,
    string? Why,
    bool IsLimited,
    DateTimeOffset At,
    DateTimeOffset LastAt,
    int Times)
{
    public static LoginJson Of(LoginRow row) => new(
        row.Id,
        row.UserName,
        row.CustomerId is { } customerId ? new ApiLink(customerId, row.CustomerName) : null,
        new ApiLink(row.RouterId, row.RouterName),
        row.MacAddress,
        row.NasPort,
        row.AccessType,
        row.Method,
        row.Refusal,
        row.Refusal is null ? null : LoginWords.Of(row.Refusal),
        row.IsLimited,
        row.At,
        row.LastAt,
        row.Times);
}
