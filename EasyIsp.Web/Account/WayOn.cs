using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;

namespace EasyIsp.Web.Account;

/// <summary>Where a person goes on after a step of signing in.</summary>
internal static class WayOn
{
    /// <returns>Null where he does not get on.</returns>
    public static string? After(SignInOutcome outcome, string? returnUrl) => outcome switch
    {
        SignInOutcome.Entered => returnUrl.OwnAddress() ?? "/",
        SignInOutcome.EnteredPlatform => "/platform",
        SignInOutcome.MustChooseTenant => "/account/tenant",
        SignInOutcome.NeedsCode => returnUrl.OwnAddress() is { } next ? $"/account/code?returnUrl={Uri.EscapeDataString(next)}" : "/account/code",
        SignInOutcome.NeedsAddress => "/account/verify",
        _ => null,
    };

    public static string WhyNot(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.LockedOut => AccountWords.Of(CredentialCheck.LockedOut, ""),
        SignInOutcome.NoWorkplace => AccountWords.NoWorkplace,
        _ => AccountWords.Of(CredentialCheck.Wrong, "code"),
    };
}
