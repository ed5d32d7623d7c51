namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// A ResultCode of a callback or query and what follows from it. The code is the contract; Daraja's description
/// differs by channel and changes over time.
/// </summary>
/// <param name="MayRetryUnattended">
/// One delayed retry is allowed where no person waits. Where one waits, offer the button instead: no second prompt
/// ever comes silently.
/// </param>
public sealed record StkResultCode(string Code, StkResultClass Class, PayerMessage Message, bool MayRetryUnattended = false)
{
    private static readonly Dictionary<string, StkResultCode> Known = new StkResultCode[]
    {
        new("0", StkResultClass.Paid, PayerMessage.Paid),
        new("1", StkResultClass.Customer, PayerMessage.NotEnoughMoney),
        new("2", StkResultClass.Config, PayerMessage.AmountTooSmall),
        new("3", StkResultClass.Config, PayerMessage.AmountTooLarge),
        new("4", StkResultClass.Customer, PayerMessage.DailyLimitReached),
        new("8", StkResultClass.Merchant, PayerMessage.ProviderCannotReceive),
        new("11", StkResultClass.Customer, PayerMessage.PayerAccountNotActive),
        new("17", StkResultClass.Transient, PayerMessage.SameAmountTooSoon),
        new("26", StkResultClass.Transient, PayerMessage.ServiceBusy, MayRetryUnattended: true),
        new("1001", StkResultClass.Transient, PayerMessage.PromptAlreadyOpen, MayRetryUnattended: true),
        new("1019", StkResultClass.Transient, PayerMessage.PromptExpired),
        new("1025", StkResultClass.Transient, PayerMessage.PromptNotSent, MayRetryUnattended: true),
        new("1032", StkResultClass.Customer, PayerMessage.Cancelled),
        new("1037", StkResultClass.Customer, PayerMessage.PhoneNotReached),
        new("2001", StkResultClass.Customer, PayerMessage.WrongPin),
        new("2028", StkResultClass.Config, PayerMessage.ProviderNotSetUp),
        new("4999", StkResultClass.Pending, PayerMessage.StillWaiting),
        new("8006", StkResultClass.Customer, PayerMessage.PinLocked),
        new("9999", StkResultClass.Transient, PayerMessage.PromptNotSent, MayRetryUnattended: true),
        new("SFC_IC0003", StkResultClass.Config, PayerMessage.ProviderNotSetUp),
    }.ToDictionary(code => code.Code, StringComparer.Ordinal);

    public static StkResultCode Of(string code)
        => Known.GetValueOrDefault(code) ?? new StkResultCode(code, StkResultClass.Unknown, PayerMessage.NotCompleted);
}

/// <summary>Who can act on a result.</summary>
public enum StkResultClass
{
    Paid,
    Customer,
    Transient,
    Config,
    Merchant,
    Pending,

    /// <summary>Failed if a callback brought it; if a query did, keep asking.</summary>
    Unknown,
}

/// <summary>What to tell the payer, as the key of a localised sentence.</summary>
public enum PayerMessage
{
    Paid,
    NotEnoughMoney,
    AmountTooSmall,
    AmountTooLarge,
    DailyLimitReached,
    ProviderCannotReceive,
    PayerAccountNotActive,
    SameAmountTooSoon,
    ServiceBusy,
    PromptAlreadyOpen,
    PromptExpired,
    PromptNotSent,
    Cancelled,
    PhoneNotReached,
    WrongPin,
    ProviderNotSetUp,
    PinLocked,
    StillWaiting,
    NotCompleted,
}
