using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Identity.SmsCodes;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Account;

/// <summary>What people read on the pages of their account.</summary>
internal static class AccountWords
{
    public const string PasswordRules = "Twelve characters or more. Some words that only you would put together are better than many signs.";

    public const string NoMail = "No mail can be sent from this installation yet. An admin of your company, or the platform's operator, can help.";

    public const string NoMailForAddress = "No mail can be sent from this installation yet, so another address could not be verified.";

    public const string CodeIsDead = "The code is not right, or good no more: each is good for ten minutes and five tries, and a newer one ends it.";

    public const string NoWorkplace = "Your account is not open for any company now. Ask your admin, or the platform if your company is suspended.";

    /// <summary>Said alike of an unknown address, a wrong password and a locked account: it tells nobody which addresses exist.</summary>
    public const string NotRight = "The e-mail address or the password is not right. After five wrong ones an account stays closed for 15 minutes, even to the right one.";

    public const string PasskeyFailed = "The passkey was not taken. Try again, or sign in with your password.";

    public static string TooMany(TimeSpan wait) => wait < TimeSpan.FromMinutes(1)
        ? $"Too many tries. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))} seconds."
        : $"Too many tries. Try again in {Figures.Count((int)Math.Ceiling(wait.TotalMinutes), "minute", "minutes")}.";

    /// <param name="what">What was wrong: "password", "code".</param>
    public static string Of(CredentialCheck check, string what) => check == CredentialCheck.LockedOut
        ? "Too many wrong passwords or codes. Try again in 15 minutes."
        : $"The {what} is not right.";

    public static string Of(PhoneOutcome outcome) => outcome switch
    {
        PhoneOutcome.NoPhone => "This is no phone number.",
        PhoneOutcome.TooMany => "Three codes were sent within an hour. Try again later.",
        PhoneOutcome.NoCarrier => "No company sends your codes.",
        PhoneOutcome.WrongCode => CodeIsDead,
        PhoneOutcome.LockedOut => Of(CredentialCheck.LockedOut, ""),
        _ => Of(CredentialCheck.Wrong, "password"),
    };

    public static string Of(SignInMethod method) => method switch
    {
        SignInMethod.Passkey => "with a passkey",
        SignInMethod.PasswordAndCode => "with password and code",
        _ => "with password",
    };
}
