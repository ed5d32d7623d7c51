using System.Text.Json;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions;

/// <summary>A tested login in words for staff.</summary>
internal static class LoginTestWords
{
    public static string Of(LoginTestKind kind) => kind switch
    {
        LoginTestKind.Pppoe => "PPPoE",
        LoginTestKind.Hotspot => "Hotspot",
        _ => "DHCP",
    };

    public static string Of(LoginTestMethod method) => method switch
    {
        LoginTestMethod.Pap => "PAP",
        LoginTestMethod.Chap => "CHAP",
        LoginTestMethod.MsChapV2 => "MS-CHAPv2",
        _ => "By MAC address",
    };

    public static string Of(LoginTestFault fault) => fault switch
    {
        LoginTestFault.Router => "Choose the router that would ask.",
        LoginTestFault.UserName => "Type a user name, of 253 letters at most.",
        LoginTestFault.Password => "A password has 128 letters at most.",
        LoginTestFault.MacAddress => "A MAC address has twelve hexadecimal digits, as AA:BB:CC:00:11:22.",
        LoginTestFault.MacAddressMissing => "This login is by the device's MAC address: type it.",
        LoginTestFault.RouterGone => "The router was archived meanwhile. Choose another one.",
        LoginTestFault.NobodyHasIt => "No customer has this user name, so no password is stored for it. Type one.",
        LoginTestFault.NoStoredPassword => "The customer has no stored password. Type one.",
        _ => $"Your company has tested {LoginTestDesk.MostInAMinute} logins within a minute. Wait a little.",
    };

    public static State StateOf(LoginTestAnswer answer) => answer switch
    {
        LoginTestAnswer.Accepted => State.Admitted,
        LoginTestAnswer.Limited => State.Limited,
        LoginTestAnswer.Refused => State.Refused,
        _ => State.Failed,
    };

    public static string VerdictOf(LoginTestResult result) => result.Answer switch
    {
        LoginTestAnswer.Accepted => "Would be let in.",
        LoginTestAnswer.Limited => $"Would be let in with limits. {LoginWords.Of(result.Refusal)}.",
        LoginTestAnswer.Refused => $"Would be refused. {LoginWords.Of(result.Refusal)}.",
        LoginTestAnswer.Unanswered => "The router would get no answer: the database was away, or too slow for it to wait.",
        LoginTestAnswer.RouterUnknown => "The worker does not know this router.",
        LoginTestAnswer.NoPassword => "There was no password left to test with.",
        _ => "The worker failed at it.",
    };

    public static string? NextStepAfter(LoginTestResult result) => result.Answer switch
    {
        LoginTestAnswer.Accepted => null,
        LoginTestAnswer.Limited or LoginTestAnswer.Refused => LoginWords.NextStepAfter(result.Refusal),
        LoginTestAnswer.Unanswered => "Look at the worker's /health and at the load of the database, and test again.",
        LoginTestAnswer.RouterUnknown => "It was archived, or its RADIUS secret cannot be read: look at its page, and make a new secret.",
        LoginTestAnswer.NoPassword => "Test again.",
        _ => "Its log says why. Nothing was changed.",
    };

    /// <summary>As the counters and the log of the worker have it.</summary>
    public static string? CodeOf(Refusal? refusal) => refusal is { } why ? JsonNamingPolicy.SnakeCaseLower.ConvertName(why.ToString()) : null;

    public static string Of(LoginTestEffect effect) => effect switch
    {
        LoginTestEffect.TakesPlace => "take one of the package's places",
        LoginTestEffect.PushesOutOldest => "end the customer's oldest session, for want of a place",
        LoginTestEffect.BindsDevice => "bind the device to the customer",
        LoginTestEffect.UsesOneTimePassword => "use up a one-time password",
        _ => "redeem the voucher",
    };
}
