using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// The locks below which money is booked. Who takes several takes them in this order: receipt, till, request, payment,
/// customer; so that two who tell of one payment wait for each other and never for ever.
/// </summary>
internal static class PaymentRows
{
    /// <summary>Participant: whoever else works on this request waits until the caller's transaction ends.</summary>
    public static Task<PaymentRequest?> LockRequestAsync(IspDbContext db, Guid requestId, CancellationToken cancellationToken)
        => db.PaymentRequests
            .FromSql($"select * from payment_requests where tenant_id = {db.CurrentTenantId} and id = {requestId} for update")
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>Participant: one message about a receipt at a time, also while no payment has it yet.</summary>
    public static Task LockReceiptAsync(IspDbContext db, string receipt, CancellationToken cancellationToken)
        => LockNameAsync(db, $"receipt {receipt}", cancellationToken);

    /// <summary>Participant: money at a till comes without a name, so that what is told of one amount is told in turn.</summary>
    public static Task LockTillAsync(IspDbContext db, string shortCode, decimal amount, CancellationToken cancellationToken)
        => LockNameAsync(db, FormattableString.Invariant($"till {shortCode} {amount:0.####}"), cancellationToken);

    /// <summary>Participant: whoever else books a payment under this id waits, also while none has it yet.</summary>
    public static Task LockNewAsync(IspDbContext db, Guid paymentId, CancellationToken cancellationToken)
        => LockNameAsync(db, $"payment {paymentId}", cancellationToken);

    public static Task<Payment?> LockPaymentAsync(IspDbContext db, Guid paymentId, CancellationToken cancellationToken)
        => db.Payments
            .FromSql($"select * from payments where tenant_id = {db.CurrentTenantId} and id = {paymentId} for update")
            .SingleOrDefaultAsync(cancellationToken);

    public static Task<Payment?> LockPaymentOfAsync(IspDbContext db, PaymentRequest request, CancellationToken cancellationToken)
        => db.Payments
            .FromSql($"select * from payments where tenant_id = {db.CurrentTenantId} and payment_request_id = {request.Id} for update")
            .SingleOrDefaultAsync(cancellationToken);

    public static Task<Payment?> LockReceiptedAsync(IspDbContext db, string receipt, CancellationToken cancellationToken)
        => db.Payments
            .FromSql($"select * from payments where tenant_id = {db.CurrentTenantId} and receipt = {receipt} for update")
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>Participant: a message that waits to be read, unless somebody reads it now.</summary>
    public static Task<ProviderMessage?> LockWaitingAsync(IspDbContext db, Guid messageId, CancellationToken cancellationToken)
        => db.ProviderMessages
            .FromSql($"""
                select * from provider_messages
                where tenant_id = {db.CurrentTenantId} and id = {messageId} and processed_at is null for update skip locked
                """)
            .SingleOrDefaultAsync(cancellationToken);

    public static DarajaCredentials Credentials(this PaymentAccount account, SecretCodec codec) => new()
    {
        BaseUrl = new Uri(account.BaseUrl),
        ConsumerKey = codec.Reveal(account.TenantId, account.ConsumerKey),
        ConsumerSecret = codec.Reveal(account.TenantId, account.ConsumerSecret),
        ShortCode = account.ShortCode,
        Passkey = codec.Reveal(account.TenantId, account.Passkey),
        TransactionType = account.Kind == ShortCodeKind.Till
            ? StkTransactionType.CustomerBuyGoodsOnline
            : StkTransactionType.CustomerPayBillOnline,
        Receiver = account.TillNumber ?? account.BankPaybill,
    };

    private static Task<int> LockNameAsync(IspDbContext db, string name, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({$"{db.CurrentTenantId} {name}"}, 0))", cancellationToken);
}
