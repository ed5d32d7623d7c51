using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions;

/// <summary>How a login ended and what to do about it, in words for staff.</summary>
internal static class LoginWords
{
    public static State StateOf(LoginRow login) => login switch
    {
        { Refusal: null } => State.Admitted,
        { IsLimited: true } => State.Limited,
        _ => State.Refused,
    };

    public static string Of(LoginKind kind) => kind switch
    {
        LoginKind.Admitted => "Admitted",
        LoginKind.Limited => "Limited",
        LoginKind.Refused => "Refused",
        LoginKind.WrongNameOrPassword => "Name or password",
        LoginKind.NothingToUse => "Nothing to use",
        LoginKind.DeviceOrPlace => "Device or router",
        LoginKind.Suspended => "Suspended",
        LoginKind.Voucher => "Voucher",
        _ => "Router's settings",
    };

    public static string Of(Refusal? refusal) => refusal switch
    {
        null => "Let in",
        Refusal.UnknownUser => "Nobody has this user name",
        Refusal.WrongPassword => "The password was wrong",
        Refusal.OtherDevice => "The one-time password was another device's",
        Refusal.UnsupportedMethod => "The router asked in a way that is not supported",
        Refusal.MsChapV1 => "The router offered MS-CHAP version 1",
        Refusal.TenantSuspended => "The company is suspended",
        Refusal.CustomerSuspended => "The customer is suspended",
        Refusal.WrongAccessType => "Asked for another kind of connection",
        Refusal.NoSubscription => "Has never bought a package",
        Refusal.SubscriptionNotBegun => "The package had not begun",
        Refusal.SubscriptionExpired => "The package had ended",
        Refusal.DataUsedUp => "The data was used up",
        Refusal.TooManyDevices => "All the package's devices were online",
        Refusal.WrongDevice => "The device is not the customer's",
        Refusal.WrongRouter => "The package or the customer is for other routers",
        Refusal.OutsideHours => "Outside the package's hours",
        Refusal.VoucherExpired => "The voucher is past its date",
        Refusal.VoucherRevoked => "The voucher was revoked",
        Refusal.VoucherNotSold => "The voucher's package is no longer there",
        _ => "Too many tries in a minute",
    };

    /// <param name="reason">The name of a <see cref="Refusal"/>, as the log of logins keeps it.</param>
    public static string OfReason(string reason) => Enum.TryParse<Refusal>(reason, out var refusal) ? Of(refusal) : reason;

    /// <summary>The next step; null where there is none to take.</summary>
    public static string? NextStepAfter(Refusal? refusal) => refusal switch
    {
        null => null,
        Refusal.UnknownUser => "Compare the spelling with the customer's page; a voucher's code may be mistyped.",
        Refusal.WrongPassword => "Type the password again on the device, or set a new one on the customer's page.",
        Refusal.OtherDevice => "Let the customer buy or sign in on the device that is to go online.",
        Refusal.UnsupportedMethod => "Set the router to PAP, CHAP or MS-CHAP version 2, one of them.",
        Refusal.MsChapV1 => "Set the router to MS-CHAP version 2 or CHAP.",
        Refusal.TenantSuspended => "Ask the operator of the platform.",
        Refusal.CustomerSuspended => "Resume the customer on his page.",
        Refusal.WrongAccessType => "Connect as the account is made: by PPPoE or at the hotspot.",
        Refusal.NoSubscription or Refusal.SubscriptionExpired => "Sell a package.",
        Refusal.SubscriptionNotBegun => "Wait for its beginning, or sell one that begins now.",
        Refusal.DataUsedUp => "Sell a package.",
        Refusal.TooManyDevices => "End another device's session, or sell a package for more devices.",
        Refusal.WrongDevice => "Add the device under Connection, or take the lock away.",
        Refusal.WrongRouter => "Allow the router under Connection, or in the package.",
        Refusal.OutsideHours => "Wait for its hours, or sell another package.",
        Refusal.VoucherExpired or Refusal.VoucherRevoked or Refusal.VoucherNotSold => "Give another voucher.",
        _ => "Wait a minute and try again.",
    };

    public static string Of(string method) => method switch
    {
        "Pap" => "PAP",
        "Chap" => "CHAP",
        "MsChapV1" => "MS-CHAPv1",
        "MsChapV2" => "MS-CHAPv2",
        "Eap" => "EAP",
        "None" => "no credentials",
        _ => "two kinds of credentials",
    };

    /// <summary>The kind of connection, where the router told it, and how the password came.</summary>
    public static string WayOf(LoginRow login) => login.AccessType switch
    {
        AccessType.Pppoe => $"PPPoE · {Of(login.Method)}",
        AccessType.Hotspot => $"Hotspot · {Of(login.Method)}",
        _ => Of(login.Method),
    };
}
