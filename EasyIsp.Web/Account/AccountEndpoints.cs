using System.Security.Claims;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SignIns;
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
        endpoints.MapPost("/account/sign-ins/end", EndSignInAsync).RequireAuthorization();
        endpoints.MapPost("/account/sign-ins/end-all", EndAllSignInsAsync).RequireAuthorization();
    }

    /// <summary>Reads no field, so nobody checks the form's token but this.</summary>
    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<StaffUser> signIn, SignInLog signIns)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();

        if (context.User is { } user && user.UserId() is { } userId && user.SignInId() is { } signInId)
            await signIns.LeaveAsync(userId, signInId, context.RequestAborted);
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/account/sign-in");
    }

    private static async Task<IResult> EndSignInAsync(
        ClaimsPrincipal user, UserManager<StaffUser> users, SignInLog signIns, [FromForm] Guid id, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(user) is { } account)
            await signIns.EndAsync(account, id, cancellationToken);
        return TypedResults.LocalRedirect(id == user.SignInId() ? "/account/sign-in" : "/account?done=ended");
    }

    /// <summary>Reads no field, as signing out does not.</summary>
    private static async Task<IResult> EndAllSignInsAsync(
        HttpContext context, ClaimsPrincipal user, IAntiforgery antiforgery, SignInManager<StaffUser> signIn, SignInLog signIns)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();

        if (await signIn.UserManager.GetUserAsync(user) is { } account)
            await signIns.EndEverywhereAsync(account, context.RequestAborted);
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

        await signIn.SignInWithClaimsAsync(account, isPersistent: false, [.. StaffClaims.Entering(tenantId, asSupport: false), .. user.SameSignIn()]);
        return TypedResults.LocalRedirect("/");
    }
}
