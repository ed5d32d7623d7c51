namespace EasyIsp.Radius.Policy;

/// <summary>Why somebody is not let in: for the log and the counters. What he reads is in <see cref="RefusalTexts"/>.</summary>
internal enum Refusal
{
    UnknownUser,
    WrongPassword,

    /// <summary>The one-time password was issued to another device.</summary>
    OtherDevice,

    /// <summary>MS-CHAP and EAP are not spoken yet; no credentials, or two kinds at once, never will be.</summary>
    UnsupportedMethod,
    TenantSuspended,
    CustomerSuspended,
    WrongAccessType,
    NoSubscription,
    SubscriptionNotBegun,
    SubscriptionExpired,
    DataUsedUp,
    TooManyDevices,
    VoucherExpired,
    VoucherRevoked,
    VoucherNotSold,
    TooManyTries,
}
