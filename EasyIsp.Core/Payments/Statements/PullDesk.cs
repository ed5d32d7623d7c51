using System.Security.Cryptography;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>Switches pulling on for an account, and settles how it goes.</summary>
public sealed class PullDesk(
    IspDatabase database, IDarajaOperations daraja, StatementPulling pulling, SecretCodec codec, AuditTrail audit, TimeProvider clock)
{
    /// <returns>Null while the account does not pull.</returns>
    public async Task<StatementPull?> FindAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.StatementPulls.AsNoTracking().SingleOrDefaultAsync(p => p.PaymentAccountId == accountId, cancellationToken);
    }

    /// <param name="nominatedNumber">In any spelling; the Safaricom number of the short code's KYC record.</param>
    /// <param name="portal">The public address of the portal, without a path.</param>
    /// <returns>Null when there is no such account, or its money comes to a bank.</returns>
    public async Task<PullRegistration?> RegisterAsync(Guid accountId, string nominatedNumber, Uri portal, CancellationToken cancellationToken)
    {
        if (PhoneNumber.Normalize(nominatedNumber, "KE") is not { } phone || !MpesaPhone.IsOne(phone))
            return new PullRegistration.Refused("The nominated number is a Kenyan mobile number, like 0722 000 000.");

        PaymentAccount? account;
        await using (var db = await database.OpenAsync(cancellationToken))
            account = await db.PaymentAccounts.AtOwnShortCode().AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);
        if (account is null)
            return null;

        var result = await AskAsync(account, phone, portal, cancellationToken);
        await StoreAsync(account, phone, result, cancellationToken);
        return result;
    }

    /// <returns>False when the account does not pull.</returns>
    public async Task<bool> SettleAsync(Guid accountId, bool byGet, PullZone zone, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.StatementPulls.SingleOrDefaultAsync(p => p.PaymentAccountId == accountId, cancellationToken) is not { } pull)
            return false;

        pull.Settle(byGet, zone);
        audit.Record(db, "payment-account.pull-rules", accountId, new { ByGet = byGet, Zone = $"{zone}" });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The last two days, now.</summary>
    /// <returns>Null when the account does not pull.</returns>
    public Task<PullReport?> PullNowAsync(Guid accountId, CancellationToken cancellationToken)
        => pulling.PullAsync(accountId, StatementPull.Reach, cancellationToken);

    private async Task<PullRegistration> AskAsync(PaymentAccount account, string phone, Uri portal, CancellationToken cancellationToken)
    {
        try
        {
            // What is posted there, if anything, is stored and flagged: nothing of it is documented.
            var address = C2bRegistrations.AddressesAt(portal, codec.Reveal(account.TenantId, account.CallbackKey)).Confirmation;
            return StkCallbackAddress.Objection(address) is { } objection
                ? new PullRegistration.Refused(objection)
                : await daraja.RegisterPullAsync(account.Credentials(codec), PhoneNumber.ToMsisdn(phone), address, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new PullRegistration.Refused("The stored keys cannot be read; open the account again.");
        }
    }

    private async Task StoreAsync(PaymentAccount account, string phone, PullRegistration result, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (result is PullRegistration.Registered)
        {
            var pull = await db.StatementPulls.SingleOrDefaultAsync(p => p.PaymentAccountId == account.Id, cancellationToken);
            if (pull is null)
                db.StatementPulls.Add(pull = StatementPull.Of(account, clock.GetUtcNow()));
            pull.Nominate(phone);
        }

        audit.Record(db, "payment-account.pull", account.Id, new { account.Name, account.ShortCode, Result = result.GetType().Name });
        await db.CommitAsync(cancellationToken);
    }
}
