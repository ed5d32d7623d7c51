using EasyIsp.Core.Vouchers;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Process;

namespace EasyIsp.Radius.Attempts;

/// <summary>The user name as the log of logins may show it: a voucher's code is money, and so is nearly one.</summary>
internal static class LoggedName
{
    /// <summary>Enough to know one's own slip again, too little to find the code.</summary>
    private const int Shown = 2;

    private const char Dot = '•';

    public static string Of(LoginAttempt attempt, LoginOutcome outcome)
    {
        if (outcome.Voucher is { } voucher)
            return voucher.SessionUserName;
        return outcome.Candidate is null && MayBeCode(attempt) ? Mask(attempt.UserName) : attempt.UserName;
    }

    /// <summary>A code is typed by a person at a hotspot; a home router and a device that says its address type none.</summary>
    private static bool MayBeCode(LoginAttempt attempt)
        => attempt.AccessType is not Core.Shared.AccessType.Pppoe
            && !attempt.IsOwnAddress
            && VoucherCode.Normalize(attempt.UserName) is not null;

    private static string Mask(string name) => string.Concat(name.AsSpan(0, Shown), new string(Dot, name.Length - Shown));
}
