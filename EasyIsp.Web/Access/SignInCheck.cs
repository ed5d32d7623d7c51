using System.Security.Claims;
using EasyIsp.Core.Identity.SignIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Access;

/// <summary>Whether the sign-in that a cookie names still holds: not ended, not idle for too long, no other password since.</summary>
internal sealed class SignInCheck(SignInDirectory signIns, IOptions<IdentityOptions> options, TimeProvider clock)
{
    /// <returns>Null when it holds no more.</returns>
    public async Task<SignInStanding?> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.SignInId() is not { } id)
            return null;
        if (await signIns.FindAsync(id, cancellationToken) is { } known && Holds(user, known))
            return known;

        // What is kept may be older than the cookie: of who has just changed his password it is, until the change is announced.
        return await signIns.AskAsync(id, cancellationToken) is { } found && Holds(user, found) ? found : null;
    }

    /// <summary>The same, asked of the database itself: for who has just heard of a change, and may have heard it first.</summary>
    public async Task<bool> HoldsNowAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
        => user.SignInId() is { } id && await signIns.AskAsync(id, cancellationToken) is { } found && Holds(user, found);

    /// <summary>The person did something: the sign-in is not idle.</summary>
    public async Task NoteUseAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (await OfAsync(user, cancellationToken) is { } signIn)
            await signIns.NoteUseAsync(signIn, cancellationToken);
    }

    /// <summary>The cookie of each request.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var check = http.RequestServices.GetRequiredService<SignInCheck>();
        if (context.Principal is not { } user || await check.OfAsync(user, http.RequestAborted) is null)
        {
            context.RejectPrincipal();
            await http.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        await check.NoteUseAsync(user, http.RequestAborted);
        await SecurityStampValidator.ValidatePrincipalAsync(context);
    }

    private bool Holds(ClaimsPrincipal user, SignInStanding signIn)
        => signIn.UserId == user.UserId()
            && signIn.HoldsAt(clock.GetUtcNow())
            && signIn.Stamp == user.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType)
            && signIn.IsSuperAdmin == user.IsSuperAdmin();
}
