namespace EasyIsp.Core.Sessions.Attempts;

/// <summary>Why somebody is not let in: the machine's reason, for the log and the counters. The words are with those who say them.</summary>
public enum Refusal
{
    UnknownUser,
    WrongPassword,

    /// <summary>The one-time password was issued to another device.</summary>
    OtherDevice,

    /// <summary>EAP, no credentials, or two kinds at once.</summary>
    UnsupportedMethod,

    /// <summary>MS-CHAP version 1, which gives the password away to who listens: the router is to offer better.</summary>
    MsChapV1,
    TenantSuspended,
    CustomerSuspended,
    WrongAccessType,
    NoSubscription,
    SubscriptionNotBegun,
    SubscriptionExpired,
    DataUsedUp,
    TooManyDevices,

    /// <summary>The customer is locked to other devices.</summary>
    WrongDevice,

    /// <summary>The customer or the package is for other routers.</summary>
    WrongRouter,
    OutsideHours,
    VoucherExpired,
    VoucherRevoked,
    VoucherNotSold,
    TooManyTries,
}
