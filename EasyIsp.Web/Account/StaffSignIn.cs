using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Identity;

namespace EasyIsp.Web.Account;

/// <summary>How an attempt to sign in ended.</summary>
internal enum SignInOutcome
{
    Entered,

    /// <summary>Signed in, and works for several tenants.</summary>
    MustChooseTenant,
    EnteredPlatform,

    /// <summary>Said alike for an unknown address and a wrong password.</summary>
    Refused,
    LockedOut,

    /// <summary>The person works for no tenant that is open.</summary>
    NoWorkplace,
}

/// <summary>E-mail address and password to a cookie for the one tenant, or for none yet.</summary>
internal sealed class StaffSignIn(SignInManager<StaffUser> signIn, StaffDirectory staff)
{
    public async Task<SignInOutcome> TryAsync(string email, string password, CancellationToken cancellationToken)
    {
        var account = await signIn.UserManager.FindByEmailAsync(email.Trim());
        if (account is null)
        {
            // As long as a real check takes, so that time does not tell which addresses exist.
            signIn.UserManager.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash.Value, password);
            return SignInOutcome.Refused;
        }

        var result = await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        if (!result.Succeeded)
            return result.IsLockedOut ? SignInOutcome.LockedOut : SignInOutcome.Refused;

        var workplaces = await staff.WorkplacesAsync(account.Id, cancellationToken);
        if (workplaces.Count == 0 && !account.IsSuperAdmin)
            return SignInOutcome.NoWorkplace;

        var claims = workplaces is [var only] ? StaffClaims.Entering(only.TenantId, asSupport: false) : [];
        await signIn.SignInWithClaimsAsync(account, isPersistent: false, claims);
        return workplaces.Count switch
        {
            0 => SignInOutcome.EnteredPlatform,
            1 => SignInOutcome.Entered,
            _ => SignInOutcome.MustChooseTenant,
        };
    }

    private static readonly StaffUser Nobody = StaffUser.Invite("nobody@invalid", "Nobody", isSuperAdmin: false, DateTimeOffset.UnixEpoch);

    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<StaffUser>().HashPassword(Nobody, "a password of nobody"));
}
