namespace EasyIsp.Core.Payments.Daraja;

/// <summary>What is known right after a push was submitted. None of these means paid.</summary>
public abstract record StkPushResult
{
    private StkPushResult()
    {
    }

    /// <summary>Taken for processing. Both ids are opaque, at most 64 characters; the checkout id is the attempt's key.</summary>
    public sealed record Accepted(string MerchantRequestId, string CheckoutRequestId, string CustomerMessage) : StkPushResult
    {
        // The checkout id ends in the payer's phone number.
        public override string ToString() => $"accepted as {MerchantRequestId}";
    }

    /// <summary>No prompt was shown and none will be.</summary>
    /// <param name="Code">Daraja's errorCode, or "HTTP 429" and the like; empty when nothing was answered.</param>
    /// <param name="Message">Daraja's message without tokens and phone numbers.</param>
    public sealed record Refused(string Code, string Message, StkRefusal Kind) : StkPushResult;

    /// <summary>
    /// The customer may see a prompt and may pay. Not to be submitted again within two minutes: wait for the
    /// callback, the confirmation or the statement.
    /// </summary>
    public sealed record OutcomeUnknown(string Reason) : StkPushResult;
}

/// <summary>Who can do something about a refusal.</summary>
public enum StkRefusal
{
    /// <summary>Our request was wrong; sending it again gives the same.</summary>
    BadInput,

    /// <summary>Consumer key, secret or passkey are wrong.</summary>
    Credentials,

    /// <summary>The payer has a prompt open; wait at least a minute.</summary>
    SubscriberBusy,

    /// <summary>Too many requests, or a busy system that says so; back off.</summary>
    Throttled,

    /// <summary>Short code, product or address are not set up for this.</summary>
    Configuration,

    /// <summary>Safaricom was not reached, or is under maintenance: surely not submitted, may be offered again.</summary>
    Unavailable,
}
