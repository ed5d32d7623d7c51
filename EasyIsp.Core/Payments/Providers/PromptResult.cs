namespace EasyIsp.Core.Payments.Providers;

/// <summary>What a provider needs to know of one prompt. Printing it shows nobody's number.</summary>
/// <param name="Phone">E.164, of the payer.</param>
/// <param name="Amount">In the currency's main unit, whole.</param>
/// <param name="Account">What the payer may see as the account that he pays for; letters and digits.</param>
/// <param name="Reference">What <see cref="IPaymentProvider.NewReference"/> gave when the request was written.</param>
/// <param name="Email">The customer's own, where he has one.</param>
public sealed record PromptToSend(
    Guid RequestId, string Phone, decimal Amount, string Currency, string Account, string? Reference, string? Email)
{
    public override string ToString() => $"{Currency} {Amount} for {Account}";
}

/// <summary>What is known right after a prompt was asked for. None of these means paid.</summary>
public abstract record PromptResult
{
    private PromptResult() { }

    /// <param name="SubmissionId">A second name that the provider gave it; null where it has one alone.</param>
    /// <param name="Reference">What the provider is asked by from now on.</param>
    public sealed record Accepted(string? SubmissionId, string Reference) : PromptResult
    {
        // M-Pesa's reference ends in the payer's phone number.
        public override string ToString() => SubmissionId is null ? "accepted" : $"accepted as {SubmissionId}";
    }

    /// <summary>No prompt was shown and none will be.</summary>
    /// <param name="Code">The provider's, or "HTTP 429" and the like; empty when nothing was answered.</param>
    /// <param name="Message">Without tokens and phone numbers.</param>
    public sealed record Refused(string Code, string Message, ProviderRefusal Kind) : PromptResult;

    /// <summary>The payer may see a prompt and may pay: it is asked after or told of, never sent again.</summary>
    public sealed record OutcomeUnknown(string Reason) : PromptResult;
}
