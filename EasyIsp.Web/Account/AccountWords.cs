using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SignIns;

namespace EasyIsp.Web.Account;

/// <summary>What people read on the pages of their account.</summary>
internal static class AccountWords
{
    public const string PasswordRules = "Twelve characters or more. Some words that only you would put together are better than many signs.";

    public const string NoMail = "No mail can be sent from this installation yet. An admin of your company, or the platform's operator, can help.";

    public const string NoWorkplace = "Your account is not open for any company now. Ask your admin, or the platform if your company is suspended.";

    /// <summary>Said alike of an unknown address, a wrong password and a locked account: it tells nobody which addresses exist.</summary>
    public const string NotRight = "The e-mail address or the password is not right. After five wrong ones an account stays closed for 15 minutes, even to the right one.";

    public const string PasskeyFailed = "The passkey was not taken. Try again, or sign in with your password.";

    /// <param name="what">What was wrong: "password", "code".</param>
    public static string Of(CredentialCheck check, string what) => check == CredentialCheck.LockedOut
        ? "Too many wrong passwords or codes. Try again in 15 minutes."
        : $"The {what} is not right.";

    public static string Of(SignInMethod method) => method switch
    {
        SignInMethod.Passkey => "with a passkey",
        SignInMethod.PasswordAndCode => "with password and code",
        _ => "with password",
    };
}
