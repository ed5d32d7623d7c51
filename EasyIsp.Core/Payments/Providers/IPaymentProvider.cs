using System.Security.Cryptography;

namespace EasyIsp.Core.Payments.Providers;

/// <summary>
/// One company that puts prompts on payers' phones and tells what became of them. What it says is made money of in one
/// place for all of them (<see cref="PromptBooking"/>); a new one is this interface and a form for its keys.
/// </summary>
public interface IPaymentProvider
{
    Rail Rail { get; }

    /// <summary>
    /// The name that a request has at the provider before it is sent, so that it can be asked after whatever became of the
    /// sending. Null where the provider gives the name with its answer.
    /// </summary>
    string? NewReference();

    /// <summary>Asks for one prompt, once: a lost answer is <see cref="PromptResult.OutcomeUnknown"/> and never sent again.</summary>
    Task<PromptResult> StartAsync(PaymentAccount account, PromptToSend prompt, CancellationToken cancellationToken);

    /// <param name="reference">The name of the request at the provider.</param>
    Task<PromptState> QueryAsync(PaymentAccount account, string reference, CancellationToken cancellationToken);

    /// <summary>Asks, without moving money, whether the account's keys are taken.</summary>
    Task<CredentialsCheck> CheckAsync(PaymentAccount account, CancellationToken cancellationToken);

    /// <summary>Whether what came to the account's own address was signed by the provider; false where it signs nothing.</summary>
    /// <param name="header">Gives a header of the request by its name.</param>
    bool IsSigned(PaymentAccount account, ReadOnlySpan<byte> body, Func<string, string?> header);

    /// <summary>What a stored message about a prompt says. Only reads; nothing in it is true yet.</summary>
    ProviderWord Read(ProviderMessage message);
}

/// <summary>The providers that this installation speaks with, one for each rail that prompts.</summary>
public sealed class PaymentProviders(IEnumerable<IPaymentProvider> providers)
{
    private const string Unreadable = "The stored keys cannot be read.";

    private readonly Dictionary<Rail, IPaymentProvider> _byRail = providers.ToDictionary(provider => provider.Rail);

    /// <summary>The rails that a prompt can go by.</summary>
    public Rail[] Rails => [.. _byRail.Keys];

    /// <exception cref="KeyNotFoundException">Nobody prompts by this rail: its money is written down by staff.</exception>
    public IPaymentProvider Of(Rail rail) => _byRail[rail];

    /// <summary>As <see cref="IPaymentProvider.StartAsync"/>; an account whose stored keys cannot be read sends nothing.</summary>
    internal async Task<PromptResult> StartAsync(PaymentAccount account, PromptToSend prompt, CancellationToken cancellationToken)
    {
        try
        {
            return await Of(account.Rail).StartAsync(account, prompt, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new PromptResult.Refused("", Unreadable, ProviderRefusal.Credentials);
        }
    }

    /// <summary>
    /// As <see cref="IPaymentProvider.QueryAsync"/>; of an account whose stored keys cannot be read nothing is learnt, and it is
    /// asked again when others had their turn.
    /// </summary>
    internal async Task<PromptState> QueryAsync(PaymentAccount account, string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await Of(account.Rail).QueryAsync(account, reference, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new PromptState.Unknown(Unreadable);
        }
    }
}
