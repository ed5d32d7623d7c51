namespace EasyIsp.Core.Outbox.Sms;

/// <summary>What the gateway said to one message for one phone.</summary>
public abstract record SmsSendResult
{
    private SmsSendResult()
    {
    }

    /// <param name="ProviderMessageId">The key of delivery reports; null when the gateway told none.</param>
    public sealed record Accepted(string? ProviderMessageId) : SmsSendResult;

    /// <param name="Code">The gateway's code, or "HTTP 503" and the like.</param>
    /// <param name="Text">The gateway's words, without secrets and numbers.</param>
    public sealed record Refused(string Code, string Text, SmsRetryClass RetryClass) : SmsSendResult;

    /// <summary>
    /// It may have been sent, and paid for. Another gateway may take over only where a double is acceptable: one-time
    /// codes and receipts.
    /// </summary>
    public sealed record Unknown(string Reason) : SmsSendResult;
}

/// <summary>What would have to change before the same message could pass.</summary>
public enum SmsRetryClass
{
    /// <summary>The account's settings, or our request.</summary>
    Config,
    Funds,

    /// <summary>The phone number: no gateway will do better.</summary>
    Number,
    Blocked,
    Throttled,

    /// <summary>Nothing but time.</summary>
    Transient,
    Unknown,
}

/// <summary>What an account still has.</summary>
public abstract record SmsBalanceResult
{
    private SmsBalanceResult()
    {
    }

    /// <param name="Credit">In the gateway's own units: messages at one, shillings at another.</param>
    public sealed record Known(decimal Credit) : SmsBalanceResult;

    public sealed record Unknown(string Reason) : SmsBalanceResult;
}
