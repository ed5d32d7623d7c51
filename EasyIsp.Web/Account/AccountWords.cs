using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Account;

/// <summary>What people read on the pages of their account.</summary>
internal static class AccountWords
{
    public const string PasswordRules = "Twelve characters or more. Some words that only you would put together are better than many signs.";

    public const string NoMail = "No mail can be sent from this installation yet. An admin of your company, or the platform's operator, can help.";

    public const string NoWorkplace = "Your account is not open for any company now. Ask your admin, or the platform if your company is suspended.";

    public const string PasskeyFailed = "The passkey was not taken. Try again, or sign in with your password.";

    public static string TooMany(TimeSpan wait) => wait < TimeSpan.FromMinutes(1)
        ? $"Too many tries. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))} seconds."
        : $"Too many tries. Try again in {Figures.Count((int)Math.Ceiling(wait.TotalMinutes), "minute", "minutes")}.";

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
