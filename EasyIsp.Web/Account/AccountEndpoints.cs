using System.Security.Claims;
using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Web.Account;

internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/account/sign-out", async (SignInManager<StaffUser> signIn, [FromForm] string? returnUrl) =>
        {
            await signIn.SignOutAsync();
            return TypedResults.LocalRedirect("/account/sign-in");
        });
        endpoints.MapPost("/account/tenant", ChooseAsync).RequireAuthorization();
    }

    /// <summary>A new cookie for the chosen tenant; a circuit of the old one ends with its page.</summary>
    private static async Task<IResult> ChooseAsync(
        ClaimsPrincipal user, SignInManager<StaffUser> signIn, StaffDirectory staff, [FromForm] Guid tenantId, CancellationToken cancellationToken)
    {
        if (await signIn.UserManager.GetUserAsync(user) is not { } account
            || await staff.AccessAsync(account.Id, tenantId, cancellationToken) is null)
        {
            return TypedResults.LocalRedirect("/account/tenant");
        }

        await signIn.SignInWithClaimsAsync(account, isPersistent: false, StaffClaims.Entering(tenantId, asSupport: false));
        return TypedResults.LocalRedirect("/");
    }
}
