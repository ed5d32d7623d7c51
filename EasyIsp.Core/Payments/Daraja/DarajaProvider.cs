using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Secrets;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>M-Pesa by STK push. Its callbacks are unsigned: each goes to a secret address of its own request.</summary>
internal sealed class DarajaProvider(IDarajaClient daraja, SecretCodec codec, IOptions<PaymentsOptions> options) : IPaymentProvider
{
    public Rail Rail => Rail.Mpesa;

    public string? NewReference() => null;

    public async Task<PromptResult> StartAsync(PaymentAccount account, PromptToSend prompt, CancellationToken cancellationToken)
    {
        var accountKey = codec.Reveal(account.TenantId, account.CallbackKey);
        var callback = new Uri($"{options.Value.PublicUrl.TrimEnd('/')}/pay/cb/{accountKey}/{CallbackKeys.AttemptKey(accountKey, prompt.RequestId)}");
        StkPushOrder order;
        try
        {
            order = new StkPushOrder(prompt.Phone, prompt.Amount, account.BankAccount ?? prompt.Account, "Internet", callback);
        }
        catch (ArgumentException exception)
        {
            // What the provider would refuse is refused here, and nothing was sent: the payer may try again.
            return new PromptResult.Refused("", exception.Message, ProviderRefusal.BadInput);
        }

        return await daraja.PushAsync(account.Credentials(codec), order, cancellationToken);
    }

    public async Task<PromptState> QueryAsync(PaymentAccount account, string reference, CancellationToken cancellationToken)
        => await daraja.QueryAsync(account.Credentials(codec), reference, cancellationToken) switch
        {
            StkQueryResult.Paid => new PromptState.Paid(Receipt: null, Amount: null, Currency: null, PaidAt: null),
            // Of a code that nobody knows only a callback is believed (mpesa.md, 3.9).
            StkQueryResult.Failed failed when StkResultCode.Of(failed.Code).Class is not StkResultClass.Unknown
                => new PromptState.Failed(failed.Code, failed.Description),
            StkQueryResult.StillPending => new PromptState.Pending(),
            var other => new PromptState.Unknown(other is StkQueryResult.NoAnswer none ? none.Reason : "A code that nobody knows"),
        };

    public Task<CredentialsCheck> CheckAsync(PaymentAccount account, CancellationToken cancellationToken)
        => daraja.CheckCredentialsAsync(account.Credentials(codec), cancellationToken);

    public bool IsSigned(PaymentAccount account, ReadOnlySpan<byte> body, Func<string, string?> header) => false;

    public ProviderWord Read(ProviderMessage message)
    {
        if (!StkCallback.TryParse(message.Body, out var callback, out var malformed))
            return new ProviderWord.Malformed(malformed);

        return new ProviderWord.Outcome(callback.MerchantRequestId, callback.CheckoutRequestId, callback.IsPaid
            ? new PromptState.Paid(callback.Receipt, callback.Amount, Currency: null, callback.TransactedAt)
            : new PromptState.Failed(callback.ResultCode, callback.ResultDescription));
    }
}
