using System.Globalization;

namespace EasyIsp.Core.Identity.Post;

/// <summary>The words of the mails to staff.</summary>
internal static class StaffLetters
{
    /// <param name="console">Where the console stands; ends with a slash.</param>
    /// <param name="key">Of the link, where the mail carries one.</param>
    public static (string Subject, string Text) Write(StaffMail mail, StaffUser user, Uri console, string? key)
        => (SubjectOf(mail), $"""
            {user.DisplayName},

            {(key is not null ? LinkOf(mail, console, key) : mail.Kind == StaffMailKind.Joined ? JoinedOf(mail, console) : NewsOf(mail, console))}

            EasyISP

            """);

    /// <returns>Null for a mail without a link.</returns>
    public static StaffLinkPurpose? LinkIn(StaffMailKind kind) => kind switch
    {
        StaffMailKind.ForgottenPassword => StaffLinkPurpose.NewPassword,
        StaffMailKind.Invitation => StaffLinkPurpose.Invitation,
        StaffMailKind.AddressToVerify => StaffLinkPurpose.Address,
        _ => null,
    };

    private static string SubjectOf(StaffMail mail) => mail.Kind switch
    {
        StaffMailKind.ForgottenPassword => "A new password for EasyISP",
        StaffMailKind.Invitation => $"{mail.About} invites you to EasyISP",
        StaffMailKind.PasswordChanged => "Your EasyISP password was changed",
        StaffMailKind.NewDevice => "A new device signed in to EasyISP",
        StaffMailKind.SecondFactorOn => "Signing in to EasyISP now takes a code too",
        StaffMailKind.SecondFactorOff => "Signing in to EasyISP takes no code any more",
        StaffMailKind.RecoveryCodeUsed => "A recovery code signed in to EasyISP",
        StaffMailKind.PasskeyAdded => "A passkey was added to your EasyISP account",
        StaffMailKind.Joined => $"You now work with {mail.About} in EasyISP",
        StaffMailKind.AddressToVerify => "Is this your address for EasyISP?",
        StaffMailKind.AddressChanged => "Your EasyISP account has another address now",
        StaffMailKind.PhoneSet => "A phone was added to your EasyISP account",
        StaffMailKind.PhoneRemoved => "The phone was taken off your EasyISP account",
        StaffMailKind.PasskeyRemoved => "A passkey was removed from your EasyISP account",
        _ => throw new ArgumentOutOfRangeException(nameof(mail), mail.Kind, "No such mail."),
    };

    private static string LinkOf(StaffMail mail, Uri console, string key) => mail.Kind switch
    {
        StaffMailKind.Invitation => $"""
            You are to work with {mail.About} in EasyISP. Here you choose your password:

            {new Uri(console, $"account/invitation?key={key}")}

            The link is good for seven days, and once. After that an admin of {mail.About} can send you another.
            """,
        StaffMailKind.AddressToVerify => $"""
            Your EasyISP account is to have this address: you sign in with it, and what concerns the account is mailed to it.
            Here you say that it is yours:

            {new Uri(console, $"account/address?key={key}")}

            The link is good for a day, and once. If you know nothing of it, do nothing: the address is not used then.
            """,
        _ => $"""
            Somebody, we think you, has forgotten the password of this address. Here you set a new one:

            {new Uri(console, $"account/new-password?key={key}")}

            The link is good for an hour, and once. If you did not ask for it, do nothing: your password stays as it is.
            """,
    };

    private static string JoinedOf(StaffMail mail, Uri console)
        => $"""
            An admin of {mail.About} has opened the company to you. Sign in with the password that you have, and choose it:

            {console}
            """;

    /// <summary>What was done to the account, when and where from, and what to do if it was somebody else.</summary>
    private static string NewsOf(StaffMail mail, Uri console)
    {
        var (what, otherwise) = mail.Kind switch
        {
            StaffMailKind.PasswordChanged => ("Your password was changed, and you were signed out everywhere else.", SetAnother),
            StaffMailKind.SecondFactorOn => ("An authenticator app was added to your account: signing in with the password asks for its code from now on.", SetAnother),
            StaffMailKind.SecondFactorOff => ("The authenticator app was taken off your account: your password alone signs in from now on.", SetAnother),
            StaffMailKind.NewDevice => ("Somebody signed in as you on a browser that you have not used before.", ChangeIt),
            StaffMailKind.RecoveryCodeUsed => ("Somebody signed in as you with one of your recovery codes. That code is used up; if you lost your phone, set up the app anew.", ChangeIt),
            StaffMailKind.AddressChanged => ("You sign in with another address from now on; this one is of no use any more, and no further mail comes to it.", AskAnAdmin),
            StaffMailKind.PhoneSet => ("A phone was added to your account: a code sent to it may set a new password.", ChangeIt),
            StaffMailKind.PhoneRemoved => ("No code is sent to your phone any more.", ChangeIt),
            StaffMailKind.PasskeyAdded => ("Whoever has the new passkey signs in without your password.", "If that was not you, remove it and change your password:"),
            _ => ("The passkey that was removed signs nobody in any more.", ChangeIt),
        };
        return $"""
            {what}

              When:    {mail.CreatedAt.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC
              Browser: {mail.About ?? "unknown"}
              Address: {mail.Origin?.ToString() ?? "unknown"}

            If that was you, there is nothing to do. {otherwise}

            {new Uri(console, otherwise switch { SetAnother => "account/forgot-password", AskAnAdmin => "", _ => "account" })}
            """;
    }

    private const string SetAnother = "If not, set another password now, and tell an admin of your company:";
    private const string AskAnAdmin = "If not, tell an admin of your company at once, who can end the access:";
    private const string ChangeIt = "If not, sign it out and change your password:";
}
