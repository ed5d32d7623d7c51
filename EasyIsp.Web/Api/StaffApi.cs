using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Api;

/// <summary>Who works for the company. Only to look at: people and roles are changed by people, who can be asked.</summary>
internal static class StaffApi
{
    private const string Tag = "Staff";

    public static void MapStaff(this IEndpointRouteBuilder api)
    {
        var staff = api.MapGroup("").WithTags(Tag);
        staff.MapGet("/staff", PeopleAsync).Needs(Permission.StaffView).WithSummary("Who works for the company, by name; all at once");
        staff.MapGet("/roles", RolesAsync).Needs(Permission.RolesView).WithSummary("The company's roles and what each may; all at once");
    }

    private static async Task<ApiPage<StaffJson>> PeopleAsync(StaffDesk desk, CancellationToken cancellationToken)
        => new([.. (await desk.ListAsync(cancellationToken)).Select(StaffJson.Of)], Next: null);

    private static async Task<ApiPage<RoleJson>> RolesAsync(StaffDesk desk, RoleDesk roles, CancellationToken cancellationToken)
        => new([.. (await roles.ListAsync(await desk.ListAsync(cancellationToken), cancellationToken)).Select(RoleJson.Of)], Next: null);
}

/// <param name="HasAccepted">False until the invitation is accepted.</param>
/// <param name="HasSecondFactor">An authenticator app or a passkey.</param>
internal sealed record StaffJson(Guid Id, string Name, string Email, ApiLink Role, bool HasAccepted, bool HasSecondFactor, DateTimeOffset? LastSeenAt)
{
    public static StaffJson Of(StaffRow row) => new(
        row.UserId, row.Name, row.Email, new ApiLink(row.RoleId, row.Role), row.HasPassword, row.HasSecondFactor || row.Passkeys > 0, row.LastSeenAt);
}

/// <param name="IsAdmin">May everything, and is nobody's to change.</param>
/// <param name="Permissions">By the names of the table of permissions.</param>
internal sealed record RoleJson(Guid Id, string Name, bool IsAdmin, bool RequiresSecondFactor, int People, IReadOnlyList<string> Permissions)
{
    public static RoleJson Of(RoleRow row) => new(
        row.Id, row.Name, row.IsAdmin, row.RequiresSecondFactor, row.People, [.. row.Permissions.Order().Select(permission => permission.ToString())]);
}
