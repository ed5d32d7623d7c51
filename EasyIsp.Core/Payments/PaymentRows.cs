using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

internal static class PaymentRows
{
    /// <summary>Participant: whoever else works on this request waits until the caller's transaction ends.</summary>
    public static Task<PaymentRequest?> LockRequestAsync(IspDbContext db, Guid requestId, CancellationToken cancellationToken)
        => db.PaymentRequests
            .FromSql($"select * from payment_requests where tenant_id = {db.CurrentTenantId} and id = {requestId} for update")
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
        Receiver = account.TillNumber,
    };
}
