using System.Security.Claims;
using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Access;

/// <summary>
/// What the person behind a cookie may do in the tenant that the cookie names, now. Behind a token it is what the person and
/// the token both may.
/// </summary>
internal sealed class StaffStanding(StaffDirectory staff)
{
    /// <returns>Null when the cookie names no tenant, or the person has no place in it (any more).</returns>
    public async Task<StaffAccess?> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.UserId() is not { } userId || user.TenantId() is not { } tenantId)
            return null;

        var access = user.IsSupport()
            ? await staff.SupportAccessAsync(tenantId, cancellationToken)
            : await staff.AccessAsync(userId, tenantId, cancellationToken);
        return access is null || user.TokenId() is null
            ? access
            : access with { Permissions = access.Permissions.Intersect(user.TokenPermissions()).ToHashSet() };
    }
}
