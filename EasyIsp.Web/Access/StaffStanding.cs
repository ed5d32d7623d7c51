using System.Security.Claims;
using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Access;

/// <summary>
/// What the person behind a cookie may do in the tenant that the cookie names, now. Behind a token it is what the person and
/// the token both may.
/// </summary>
internal sealed class StaffStanding(StaffDirectory staff, SignInCheck signIns)
{
    /// <returns>
    /// Null when the cookie names no tenant, or the person has no place in it (any more), or has yet to set up the second
    /// factor that the role requires.
    /// </returns>
    public async Task<StaffAccess?> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.UserId() is not { } userId || user.TenantId() is not { } tenantId)
            return null;

        var access = user.IsSupport()
            ? await staff.SupportAccessAsync(tenantId, cancellationToken)
            : await staff.AccessAsync(userId, tenantId, cancellationToken);
        if (access is { RequiresSecondFactor: true } && await IsWeakAsync(user, cancellationToken))
            return null;

        return access is null || user.TokenId() is null
            ? access
            : access with { Permissions = access.Permissions.Intersect(user.TokenPermissions()).ToHashSet() };
    }

    /// <summary>Nothing is wrong with the person's place but that it requires a second factor which he has not.</summary>
    public async Task<bool> LacksSecondFactorAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
        => user.UserId() is { } userId && user.TenantId() is { } tenantId && !user.IsSupport()
            && await staff.AccessAsync(userId, tenantId, cancellationToken) is { RequiresSecondFactor: true }
            && await IsWeakAsync(user, cancellationToken);

    /// <summary>A token has no second factor, and shows none: whoever made it had.</summary>
    private async Task<bool> IsWeakAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
        => user.TokenId() is null && await signIns.OfAsync(user, cancellationToken) is not { IsStrong: true };
}
