using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using System.Security.Claims;

namespace EasyIsp.Web.Platform;

internal static class PlatformFeature
{
    public static IServiceCollection AddPlatform(this IServiceCollection services) => services.AddScoped<TenantDesk>();

    /// <summary>Entering a tenant as support is a new cookie, hence a form post; it is written into the tenant's audit log.</summary>
    public static void MapPlatform(this IEndpointRouteBuilder endpoints)
        => endpoints.MapPost("/platform/enter", EnterAsync).RequireAuthorization(Policies.SuperAdmin);

    private static async Task<IResult> EnterAsync(
        ClaimsPrincipal user, SignInManager<StaffUser> signIn, TenantDesk desk, [FromForm] Guid tenantId, [FromForm] string? next, CancellationToken cancellationToken)
    {
        if (await signIn.UserManager.GetUserAsync(user) is not { IsSuperAdmin: true } account
            || !await desk.RecordSupportAsync(tenantId, cancellationToken))
        {
            return TypedResults.LocalRedirect("/platform");
        }

        await signIn.SignInWithClaimsAsync(account, isPersistent: false, [.. StaffClaims.Entering(tenantId, asSupport: true), .. user.SameSignIn()]);
        return TypedResults.LocalRedirect(next.OwnAddress() ?? "/");
    }
}
