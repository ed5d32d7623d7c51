namespace EasyIsp.Core.Payments.Providers;

/// <summary>What a provider says of a prompt that it took.</summary>
public abstract record PromptState
{
    private PromptState() { }

    /// <param name="Receipt">The provider's own number of the payment; null when it did not tell.</param>
    /// <param name="Amount">In the currency's main unit; null when it did not tell.</param>
    /// <param name="Currency">ISO 4217; null when it did not tell.</param>
    public sealed record Paid(string? Receipt, decimal? Amount, string? Currency, DateTimeOffset? PaidAt) : PromptState
    {
        /// <summary>The answer as it came, where a person can book what it names; null where it names nothing.</summary>
        public byte[]? Body { get; init; }
    }

    /// <param name="Code">The provider's own.</param>
    public sealed record Failed(string Code, string Description) : PromptState;

    public sealed record Pending : PromptState;

    /// <summary>Nothing was learnt; ask again. Never a failure.</summary>
    public sealed record Unknown(string Reason) : PromptState;
}

/// <summary>What a provider's message about a prompt says.</summary>
public abstract record ProviderWord
{
    private ProviderWord() { }

    public sealed record Malformed(string Why) : ProviderWord;

    /// <summary>It is the provider's, and about something that we did not ask for.</summary>
    public sealed record Elsewhere(string What) : ProviderWord;

    /// <summary>The outcome itself, of the request whose secret address it came to.</summary>
    /// <param name="State">Paid or failed.</param>
    public sealed record Outcome(string SubmissionId, string Reference, PromptState State) : ProviderWord;

    /// <summary>It says paid of the request that it names; the provider is asked before that is believed.</summary>
    /// <param name="Said">What it would be if it is true.</param>
    public sealed record Hint(string Reference, PromptState.Paid Said) : ProviderWord;

    /// <summary>Null when it names none.</summary>
    public string? Receipt => Paid?.Receipt;

    /// <summary>The money that it names, for a person who has seen it on the provider's statement.</summary>
    internal Deposit? Money => Paid is { Receipt: { } receipt, Amount: { } amount, PaidAt: var paidAt }
        ? new Deposit(receipt, amount, paidAt, Confirmation: null)
        : null;

    private PromptState.Paid? Paid => this switch
    {
        Outcome { State: PromptState.Paid paid } => paid,
        Hint { Said: var said } => said,
        _ => null,
    };
}
