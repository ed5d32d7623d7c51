using System.Globalization;
using System.Security.Claims;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace EasyIsp.Web.Account;

/// <summary>How an attempt to sign in ended.</summary>
internal enum SignInOutcome
{
    Entered,

    /// <summary>Signed in, and works for several tenants.</summary>
    MustChooseTenant,
    EnteredPlatform,

    /// <summary>The password is right; the code of the authenticator app is still to come.</summary>
    NeedsCode,

    /// <summary>An unknown address or a wrong password.</summary>
    Refused,

    /// <summary>Where the password is asked for, nobody is told this apart from <see cref="Refused"/>.</summary>
    LockedOut,

    /// <summary>The person works for no tenant that is open.</summary>
    NoWorkplace,

    /// <summary>All is right but the address, which nobody has verified: a link is mailed to it.</summary>
    NeedsAddress,
}

/// <summary>What a person shows to a cookie for the one tenant, or for none yet.</summary>
internal sealed class StaffSignIn(
    SignInManager<StaffUser> signIn,
    StaffDirectory staff,
    StaffCredentials credentials,
    StaffProfiles profiles,
    SignInLog log,
    StaffContext db,
    StaffPost post,
    StaffAudit audit,
    Actor actor)
{
    /// <summary>E-mail address and password.</summary>
    public async Task<SignInOutcome> TryAsync(string email, string password, HttpContext http)
    {
        // Nobody yet; a lock that comes of it is to say where from.
        actor.Become(userId: null, "Somebody signing in", http.Connection.RemoteIpAddress);
        var account = await signIn.UserManager.FindByEmailAsync(email.Trim());
        if (account is not { DeletedAt: null })
        {
            credentials.CheckNobody(password);
            return SignInOutcome.Refused;
        }

        if (await credentials.CheckPasswordAsync(account, password, http.RequestAborted) is var check and not CredentialCheck.Right)
            return check == CredentialCheck.LockedOut ? SignInOutcome.LockedOut : SignInOutcome.Refused;
        if (!account.TwoFactorEnabled)
            return await EnterAsync(account, SignInMethod.Password, http);

        await http.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, HalfWay(account));
        return SignInOutcome.NeedsCode;
    }

    /// <returns>Who has shown his password and is to show a code, for five minutes; null when nobody is.</returns>
    public async Task<StaffUser?> HalfWayAsync(HttpContext http)
    {
        var result = await http.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        // The cookie of a passkey that is under way has this name too, and names nobody.
        return result.Principal is { } principal && principal.UserId() is { } id
            && await signIn.UserManager.FindByIdAsync(id.ToString()) is { DeletedAt: null } account
            // Another password since then, and the first half is worth nothing.
            && principal.HasClaim(StampClaim, account.SecurityStamp!) ? account : null;
    }

    /// <summary>A code of the authenticator app, or a recovery code.</summary>
    public async Task<SignInOutcome> TryCodeAsync(StaffUser account, string code, HttpContext http)
    {
        actor.Become(account.Id, account.DisplayName, http.Connection.RemoteIpAddress);
        var (check, usedRecoveryCode) = await credentials.CheckCodeAsync(account, code, http.RequestAborted);
        if (check != CredentialCheck.Right)
            return check == CredentialCheck.LockedOut ? SignInOutcome.LockedOut : SignInOutcome.Refused;

        await http.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (usedRecoveryCode)
        {
            post.Tell(db, account, StaffMailKind.RecoveryCodeUsed, http.Visitor());
            await audit.RecordAsync(db, account, "staff.use-recovery-code", null, http.RequestAborted);
            await db.SaveChangesAsync(http.RequestAborted);
        }

        return await EnterAsync(account, SignInMethod.PasswordAndCode, http);
    }

    /// <summary>The person has shown all that is asked of him.</summary>
    public async Task<SignInOutcome> EnterAsync(StaffUser account, SignInMethod method, HttpContext http)
    {
        var workplaces = await staff.WorkplacesAsync(account.Id, http.RequestAborted);
        if (workplaces.Count == 0 && !account.IsSuperAdmin)
            return SignInOutcome.NoWorkplace;
        if (!account.EmailConfirmed && post.IsSet)
        {
            await profiles.AskForPresentAsync(account, http.Visitor(), http.RequestAborted);
            return SignInOutcome.NeedsAddress;
        }

        var begun = await log.BeginAsync(account, method, http.Visitor(), http.RequestAborted);
        var place = workplaces is [var only] ? StaffClaims.Entering(only.TenantId, asSupport: false) : [];
        await signIn.SignInWithClaimsAsync(account, isPersistent: false, place.Append(StaffClaims.Of(begun)));
        return workplaces.Count switch
        {
            0 => SignInOutcome.EnteredPlatform,
            1 => SignInOutcome.Entered,
            _ => SignInOutcome.MustChooseTenant,
        };
    }

    /// <summary>The same sign-in with a new cookie, after a deed that ended all the old ones.</summary>
    public Task RenewAsync(StaffUser account, HttpContext http)
        => signIn.SignInWithClaimsAsync(account, isPersistent: false, [.. http.User.Carried()]);

    private string StampClaim => signIn.Options.ClaimsIdentity.SecurityStampClaimType;

    private ClaimsPrincipal HalfWay(StaffUser account) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, account.Id.ToString("D", CultureInfo.InvariantCulture)),
            new Claim(StampClaim, account.SecurityStamp!),
        ], IdentityConstants.TwoFactorUserIdScheme));
}
