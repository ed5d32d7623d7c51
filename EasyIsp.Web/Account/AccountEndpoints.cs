using System.Security.Claims;
using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Web.Account;

internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/account/sign-out", SignOutAsync).AllowAnonymous();
        endpoints.MapPost("/account/tenant", ChooseAsync).RequireAuthorization();
    }

    /// <summary>Reads no field, so nobody checks the form's token but this.</summary>
    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<StaffUser> signIn)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();

        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/account/sign-in");
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
