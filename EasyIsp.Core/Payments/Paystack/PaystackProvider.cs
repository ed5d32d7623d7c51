using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Secrets;

namespace EasyIsp.Core.Payments.Paystack;

/// <summary>M-Pesa prompts through Paystack: <c>POST /charge</c>, told by signed events, believed by <c>GET /transaction/verify</c>.</summary>
internal sealed class PaystackProvider(PaystackTransport transport, SecretCodec codec) : IPaymentProvider
{
    /// <summary>Of Paystack's rails for phones this is the one for Kenya; it takes no other currency.</summary>
    public const string Currency = "KES";

    public Rail Rail => Rail.Paystack;

    public string? NewReference() => PaystackReference.New();

    public async Task<PromptResult> StartAsync(PaymentAccount account, PromptToSend prompt, CancellationToken cancellationToken)
    {
        if (prompt.Currency != Currency)
            return new PromptResult.Refused("", $"Paystack's M-Pesa prompts are in {Currency}.", ProviderRefusal.Configuration);

        if (!MpesaPhone.IsOne(prompt.Phone))
            return new PromptResult.Refused("", "Not a Kenyan mobile number.", ProviderRefusal.BadInput);

        var reference = prompt.Reference ?? throw new ArgumentException("A charge has our reference from the start.", nameof(prompt));
        var reply = await transport.CallAsync(CredentialsOf(account), HttpMethod.Post, "/charge", new
        {
            amount = decimal.ToInt64(prompt.Amount * PaystackReading.LowestUnits),
            email = prompt.Email ?? account.ReceiptsTo,
            currency = Currency,
            reference,
            mobile_money = new { phone = prompt.Phone, provider = "mpesa" },
        }, cancellationToken);
        return PaystackReading.OfCharge(reply, reference);
    }

    public async Task<PromptState> QueryAsync(PaymentAccount account, string reference, CancellationToken cancellationToken)
        => PaystackReading.OfVerify(
            await transport.CallAsync(
                CredentialsOf(account), HttpMethod.Get, $"/transaction/verify/{Uri.EscapeDataString(reference)}", body: null, cancellationToken),
            reference);

    public Task<CredentialsCheck> CheckAsync(PaymentAccount account, CancellationToken cancellationToken)
        => CheckAsync(CredentialsOf(account), cancellationToken);

    /// <summary>Asks for the newest transaction: it changes nothing.</summary>
    public async Task<CredentialsCheck> CheckAsync(PaystackCredentials credentials, CancellationToken cancellationToken)
        => PaystackReading.OfCheck(await transport.CallAsync(credentials, HttpMethod.Get, "/transaction?perPage=1", body: null, cancellationToken));

    public bool IsSigned(PaymentAccount account, ReadOnlySpan<byte> body, Func<string, string?> header)
        => PaystackSignature.Fits(body, codec.Reveal(account.TenantId, account.SecretKey), header(PaystackSignature.Header));

    public ProviderWord Read(ProviderMessage message) => PaystackReading.OfMessage(message.Body);

    private PaystackCredentials CredentialsOf(PaymentAccount account)
        => new(new Uri(account.BaseUrl), codec.Reveal(account.TenantId, account.SecretKey));
}
