namespace EasyIsp.Web.Tests.Access;

/// <summary>
/// The doors that ask for no permission, each with its reason. Whatever else asks for none was forgotten. A door of the platform
/// asks for the super admin and needs no line here.
/// </summary>
internal static class OpenDoors
{
    /// <summary>Open to everybody.</summary>
    public static IReadOnlyDictionary<string, string> ToAll { get; } = new Dictionary<string, string>
    {
        ["GET /account/sign-in"] = "signs in",
        ["GET /account/code"] = "asks for the code after the password",
        ["GET /account/forgot-password"] = "mails a link to who forgot his password",
        ["GET /account/new-password"] = "takes a new password; the link is the key",
        ["GET /account/verify"] = "says that the address of one's account is to be verified first",
        ["GET /account/address"] = "verifies an address; the link is the key",
        ["GET /account/invitation"] = "accepts an invitation; the link is the key",
        ["POST /account/passkeys/request"] = "asks the device for a passkey",
        ["POST /account/passkeys/sign-in"] = "signs in by a passkey",
        ["POST /account/sign-out"] = "signs out, also who is signed out already",
        ["GET /error"] = "says that something failed",
        ["GET /not-found"] = "says that there is no such page",
        ["GET /health"] = "says that the process is well, to whoever supervises it",
        ["GET /health/live"] = "says that the process lives",
        ["GET /health/ready"] = "says that the process can serve",
        ["GET /metrics"] = "counts, without names, for monitoring",
        ["GET /api/{documentName}/openapi.json"] = "describes the API to programmers",
    };

    /// <summary>Open to who is signed in, whatever his role: they concern his own account alone.</summary>
    public static IReadOnlyDictionary<string, string> ToTheSignedIn { get; } = new Dictionary<string, string>
    {
        ["GET /account"] = "one's own name, password, passkeys and sign-ins",
        ["GET /account/second-factor"] = "one's own authenticator app",
        ["GET /account/tenant"] = "which company to enter, of those one works for",
        ["GET /account/denied"] = "says that the role does not open a page",
        ["POST /account/tenant"] = "enters a company that one works for",
        ["POST /account/sign-ins/end"] = "ends one of one's own sign-ins",
        ["POST /account/sign-ins/end-all"] = "ends all of them",
        ["POST /account/passkeys/options"] = "begins to add a passkey of one's own",
        ["POST /account/passkeys/add"] = "adds it",
        ["POST /account/passkeys/remove"] = "removes one",
    };
}
