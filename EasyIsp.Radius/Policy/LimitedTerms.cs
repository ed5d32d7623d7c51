using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Radius.Policy;

/// <summary>Where and for how long a refused customer is let in.</summary>
/// <param name="Line">See <see cref="LineTerms"/>.</param>
internal sealed record LimitedTerms(byte[] Line, TimeSpan Length)
{
    /// <summary>
    /// Only reasons that are found after the proof of who he is. A hotspot shows the reason on its login page, so there a
    /// refusal serves him better.
    /// </summary>
    public static LimitedReason? ReasonOf(LoginAttempt attempt, Refusal refusal)
        => attempt.AccessType is AccessType.Hotspot ? null : refusal switch
        {
            Refusal.SubscriptionExpired or Refusal.NoSubscription => LimitedReason.Expired,
            Refusal.CustomerSuspended => LimitedReason.Suspended,
            Refusal.DataUsedUp => LimitedReason.DataUsedUp,
            Refusal.WrongDevice => LimitedReason.WrongDevice,
            _ => null,
        };
}
