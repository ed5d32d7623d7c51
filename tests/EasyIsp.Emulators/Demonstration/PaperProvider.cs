using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Emulators.Daraja;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>M-Pesa of the past: takes every prompt, writes the callback that came then, and lets its statement be pulled from now on.</summary>
internal sealed class PaperProvider(TimeProvider clock) : IDarajaClient, IDarajaOperations
{
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    private readonly ConcurrentDictionary<string, StkPushOrder> _orders = new(StringComparer.Ordinal);
    private readonly DarajaStatement _statement = new([]);
    private int _count;

    public Task<PromptResult> PushAsync(DarajaCredentials credentials, StkPushOrder order, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _count);
        var checkout = string.Create(
            CultureInfo.InvariantCulture, $"ws_CO_{clock.GetUtcNow().ToOffset(EastAfrica):ddMMyyyyHHmmss}{number}{order.Phone[^9..]}");
        _orders[checkout] = order;
        return Task.FromResult<PromptResult>(new PromptResult.Accepted($"seed-{number:x8}", checkout));
    }

    public Task<StkQueryResult> QueryAsync(DarajaCredentials credentials, string checkoutRequestId, CancellationToken cancellationToken)
        => Task.FromResult<StkQueryResult>(new StkQueryResult.StillPending());

    public Task<CredentialsCheck> CheckCredentialsAsync(DarajaCredentials credentials, CancellationToken cancellationToken)
        => Task.FromResult<CredentialsCheck>(new CredentialsCheck.Works());

    public Task<C2bRegistration> RegisterAsync(DarajaCredentials credentials, C2bAddresses addresses, CancellationToken cancellationToken)
        => Task.FromResult<C2bRegistration>(new C2bRegistration.Registered());

    public Task<PullRegistration> RegisterPullAsync(
        DarajaCredentials credentials, string nominatedNumber, Uri callback, CancellationToken cancellationToken)
        => Task.FromResult<PullRegistration>(new PullRegistration.Registered(Before: false));

    public Task<PullResult> PullAsync(DarajaCredentials credentials, PullQuestion question, CancellationToken cancellationToken)
        => Task.FromResult<PullResult>(new PullResult.NoAnswer("The past is not pulled."));

    public Task<OperationAck> SubmitAsync(DarajaCredentials credentials, OperationOrder order, CancellationToken cancellationToken)
        => Task.FromResult<OperationAck>(new OperationAck.OutcomeUnknown("The past takes no orders."));

    public Task<QrResult> QrAsync(DarajaCredentials credentials, QrOrder order, CancellationToken cancellationToken)
        => Task.FromResult<QrResult>(new QrResult.NotMade("The past draws no pictures."));

    /// <summary>Where the callback of a prompt went, and what it said (mpesa.md, 3.6).</summary>
    public (string Path, byte[] Body) CallbackOf(string merchantRequestId, string checkoutRequestId, bool isPaid)
    {
        var order = _orders[checkoutRequestId];
        var now = clock.GetUtcNow();
        object[] items =
        [
            new { Name = "Amount", Value = order.Amount },
            new { Name = "MpesaReceiptNumber", Value = _statement.NewReceipt(now) },
            new { Name = "TransactionDate", Value = long.Parse(now.ToOffset(EastAfrica).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) },
            new { Name = "PhoneNumber", Value = long.Parse(order.Phone, CultureInfo.InvariantCulture) },
        ];
        object callback = isPaid
            ? new
            {
                MerchantRequestID = merchantRequestId, CheckoutRequestID = checkoutRequestId, ResultCode = 0,
                ResultDesc = "The service request is processed successfully.", CallbackMetadata = new { Item = items },
            }
            : new { MerchantRequestID = merchantRequestId, CheckoutRequestID = checkoutRequestId, ResultCode = 1032, ResultDesc = "Request cancelled by user" };
        return (order.CallbackUrl.AbsolutePath, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { Body = new { stkCallback = callback } })));
    }

    /// <summary>What was confirmed of money that somebody sent by himself (mpesa.md, 4.2).</summary>
    public byte[] ConfirmationOf(OwnPayment own)
    {
        var now = clock.GetUtcNow();
        var merchant = new DarajaMerchant { ConsumerKey = "", ConsumerSecret = "", Passkey = "", ShortCode = DemoCatalogue.ShortCode, C2bVersion = 2 };
        return Encoding.UTF8.GetBytes(
            new C2bPayment(merchant, _statement.NewReceipt(now), own.Amount, own.Msisdn, own.Account, now).Body(isValidation: false).ToJsonString());
    }
}
