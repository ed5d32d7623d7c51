using System.Buffers.Text;
using System.Security.Claims;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Limits;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Web.Account;

/// <summary>
/// Passkeys (WebAuthn level 3). The script asks for options, has the browser's device answer them, and posts the answer as a
/// form; what was asked is kept in a cookie for five minutes, sealed.
/// </summary>
internal static class PasskeyEndpoints
{
    public static void MapPasskeys(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/account/passkeys/options", OptionsAsync).RequireAuthorization();
        endpoints.MapPost("/account/passkeys/add", AddAsync).RequireAuthorization();
        endpoints.MapPost("/account/passkeys/remove", RemoveAsync).RequireAuthorization();
        endpoints.MapPost("/account/passkeys/request", RequestAsync).AllowAnonymous();
        endpoints.MapPost("/account/passkeys/sign-in", SignInAsync).AllowAnonymous();
    }

    /// <summary>A passkey is a way in for good: whoever finds an open page adds none without the password.</summary>
    private static async Task<IResult> OptionsAsync(
        ClaimsPrincipal user, SignInManager<StaffUser> signIn, StaffCredentials credentials, [FromForm] string? password, CancellationToken cancellationToken)
    {
        if (await signIn.UserManager.GetUserAsync(user) is not { } account)
            return TypedResults.Unauthorized();
        if (await credentials.CheckPasswordAsync(account, password ?? "", cancellationToken) is var check and not CredentialCheck.Right)
            return TypedResults.Text(AccountWords.Of(check, "password"), statusCode: StatusCodes.Status422UnprocessableEntity);

        var entity = new PasskeyUserEntity { Id = account.Id.ToString(), Name = account.Email!, DisplayName = account.DisplayName };
        return TypedResults.Text(await signIn.MakePasskeyCreationOptionsAsync(entity), "application/json");
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, ClaimsPrincipal user, SignInManager<StaffUser> signIn, PasskeyDesk desk,
        [FromForm] string? credential, [FromForm] string? name, CancellationToken cancellationToken)
    {
        if (await signIn.UserManager.GetUserAsync(user) is not { } account)
            return TypedResults.LocalRedirect("/account/sign-in");
        if (string.IsNullOrEmpty(credential) || await UnderWay(() => signIn.PerformPasskeyAttestationAsync(credential)) is not { Succeeded: true } attested
            || attested.UserEntity.Id != account.Id.ToString())
        {
            return TypedResults.LocalRedirect("/account?done=passkey-failed");
        }

        await desk.AddAsync(account, attested.Passkey, name, http.Visitor(), cancellationToken);
        return TypedResults.LocalRedirect("/account?done=passkey");
    }

    private static async Task<IResult> RemoveAsync(
        HttpContext http, ClaimsPrincipal user, UserManager<StaffUser> users, PasskeyDesk desk, [FromForm] string? id, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(user) is { } account && Base64Url.IsValid(id))
            await desk.RemoveAsync(account, Base64Url.DecodeFromChars(id), http.Visitor(), cancellationToken);
        return TypedResults.LocalRedirect("/account?done=passkey-removed");
    }

    /// <summary>Names no account: the device itself knows which passkeys it has for this place. Reads no field, so nobody checks the form's token but this.</summary>
    private static async Task<IResult> RequestAsync(HttpContext http, IAntiforgery antiforgery, SignInManager<StaffUser> signIn, TryLimiter limits)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return TypedResults.BadRequest();
        if (await limits.RefuseAsync(http, LimitRules.PasskeyByAddress.Of(http.Connection.RemoteIpAddress)) is { } wait)
            return TypedResults.Text(wait, statusCode: StatusCodes.Status429TooManyRequests);

        return TypedResults.Text(await signIn.MakePasskeyRequestOptionsAsync(user: null), "application/json");
    }

    /// <summary>A passkey is no password that could be guessed: a lock does not keep its owner out.</summary>
    private static async Task<IResult> SignInAsync(
        HttpContext http, SignInManager<StaffUser> signIn, StaffSignIn staff, TryLimiter limits, [FromForm] string? credential, [FromForm] string? returnUrl)
    {
        if (await limits.RefuseAsync(http, LimitRules.PasskeyByAddress.Of(http.Connection.RemoteIpAddress)) is { } wait)
            return TypedResults.Text(wait, statusCode: StatusCodes.Status429TooManyRequests);
        if (string.IsNullOrEmpty(credential) || await UnderWay(() => signIn.PerformPasskeyAssertionAsync(credential)) is not { Succeeded: true } shown
            || shown is not { User.DeletedAt: null, Passkey.IsUserVerified: true })
        {
            return TypedResults.LocalRedirect("/account/sign-in?done=passkey-failed");
        }

        // Keeps its counter of uses, by which a copied one would give itself away.
        await signIn.UserManager.AddOrUpdatePasskeyAsync(shown.User, shown.Passkey);
        var outcome = await staff.EnterAsync(shown.User, SignInMethod.Passkey, http);
        return TypedResults.LocalRedirect(WayOn.After(outcome, returnUrl) ?? "/account/sign-in?done=no-workplace");
    }

    /// <returns>Null when nothing was asked of this browser, or too long ago: Identity throws over that.</returns>
    private static async Task<TResult?> UnderWay<TResult>(Func<Task<TResult>> perform) where TResult : class
    {
        try
        {
            return await perform();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
