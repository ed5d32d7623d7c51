using System.Security.Cryptography;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Replaces the secret of an account's callback addresses, when it may have become known.</summary>
public sealed class CallbackRotation(IspDatabase database, SecretCodec codec, AuditTrail audit, TimeProvider clock)
{
    /// <summary>How long the addresses before are answered as well: prompts that run carry them, and M-Pesa has them registered.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(7);

    /// <returns>Until when the addresses before are answered; null when there is no such account, or its key cannot be read.</returns>
    public async Task<DateTimeOffset?> RotateAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var account = await LockAsync(db, accountId, cancellationToken);
        if (account is null || OldDigest(account) is not { } oldDigest)
            return null;

        var until = clock.GetUtcNow() + Overlap;
        (await db.CallbackAddresses.SingleAsync(a => a.KeyDigest == oldDigest, cancellationToken)).EndAt(until);
        var key = CallbackKeys.NewAccountKey();
        account.Rotate(codec.Protect(account.TenantId, key), until);
        db.CallbackAddresses.Add(new CallbackAddress(CallbackKeys.DigestOf(key), account.TenantId, account.Id));
        audit.Record(db, "payment-account.rotate-address", account.Id, new { account.Name, Rail = $"{account.Rail}", OldValidUntil = until });
        await db.CommitAsync(cancellationToken);
        return until;
    }

    /// <summary>Ends the addresses before at once: somebody uses them who should not.</summary>
    /// <returns>How many ended.</returns>
    public async Task<int> EndOldAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        if (await LockAsync(db, accountId, cancellationToken) is not { } account)
            return 0;

        var old = await db.CallbackAddresses.Where(a => a.PaymentAccountId == accountId && a.ValidUntil > now).ToListAsync(cancellationToken);
        foreach (var address in old)
            address.EndAt(now);
        account.OldAddressesEnded(now);
        audit.Record(db, "payment-account.end-old-addresses", accountId, new { Ended = old.Count });
        await db.CommitAsync(cancellationToken);
        return old.Count;
    }

    private static Task<PaymentAccount?> LockAsync(IspDbContext db, Guid accountId, CancellationToken cancellationToken)
        => db.PaymentAccounts
            .FromSql($"select * from payment_accounts where tenant_id = {db.CurrentTenantId} and id = {accountId} and callback_key is not null for update")
            .SingleOrDefaultAsync(cancellationToken);

    private byte[]? OldDigest(PaymentAccount account)
    {
        try
        {
            return CallbackKeys.DigestOf(codec.Reveal(account.TenantId, account.CallbackKey));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
