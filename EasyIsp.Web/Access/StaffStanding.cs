using System.Security.Claims;
using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Access;

/// <summary>What the person behind a cookie may do in the tenant that the cookie names, now.</summary>
internal sealed class StaffStanding(StaffDirectory staff)
{
    /// <returns>Null when the cookie names no tenant, or the person has no place in it (any more).</returns>
    public async Task<StaffAccess?> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.UserId() is not { } userId || user.TenantId() is not { } tenantId)
            return null;

        return user.IsSupport()
            ? await staff.SupportAccessAsync(tenantId, cancellationToken)
            : await staff.AccessAsync(userId, tenantId, cancellationToken);
    }
}
