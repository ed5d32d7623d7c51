namespace EasyIsp.Core.Sessions.Attempts;

public static class LoginKinds
{
    /// <returns>The reasons that belong together; empty where it is not the reason that counts.</returns>
    public static IReadOnlyList<Refusal> ReasonsOf(LoginKind kind) => kind switch
    {
        LoginKind.WrongNameOrPassword => [Refusal.UnknownUser, Refusal.WrongPassword, Refusal.TooManyTries],
        LoginKind.NothingToUse =>
            [Refusal.NoSubscription, Refusal.SubscriptionNotBegun, Refusal.SubscriptionExpired, Refusal.DataUsedUp, Refusal.OutsideHours],
        LoginKind.DeviceOrPlace =>
            [Refusal.TooManyDevices, Refusal.WrongDevice, Refusal.OtherDevice, Refusal.WrongRouter, Refusal.WrongAccessType],
        LoginKind.Suspended => [Refusal.CustomerSuspended, Refusal.TenantSuspended],
        LoginKind.Voucher => [Refusal.VoucherExpired, Refusal.VoucherRevoked, Refusal.VoucherNotSold],
        LoginKind.Method => [Refusal.UnsupportedMethod, Refusal.MsChapV1],
        _ => [],
    };

    internal static IQueryable<LoginRecord> Of(this IQueryable<LoginRecord> logins, LoginKind kind)
    {
        var reasons = ReasonsOf(kind);
        return kind switch
        {
            LoginKind.Admitted => logins.Where(l => l.Refusal == null),
            LoginKind.Limited => logins.Where(l => l.IsLimited),
            LoginKind.Refused => logins.Where(l => l.Refusal != null && !l.IsLimited),
            _ => logins.Where(l => reasons.Contains(l.Refusal!.Value)),
        };
    }
}
