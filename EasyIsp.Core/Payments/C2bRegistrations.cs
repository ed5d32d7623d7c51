using System.Security.Cryptography;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Sets up that a short code reports what customers pay by themselves, and what is done with it.</summary>
public sealed class C2bRegistrations(
    IspDatabase database, SecretCodec codec, IDarajaClient daraja, AuditTrail audit, TimeProvider clock)
{
    /// <param name="portal">The public address of the portal, without a path.</param>
    /// <returns>Null when there is no such account, or its money comes to a bank: M-Pesa tells the bank.</returns>
    public async Task<C2bRegistration?> RegisterAsync(Guid accountId, Uri portal, CancellationToken cancellationToken)
    {
        if (await FindAsync(accountId, cancellationToken) is not { Rail: Rail.Mpesa, Kind: not ShortCodeKind.BankPaybill } account)
            return null;

        var result = await AskAsync(account, portal, cancellationToken);
        await using var db = await database.OpenAsync(cancellationToken);
        if (result is C2bRegistration.Registered)
            (await db.PaymentAccounts.SingleAsync(a => a.Id == accountId, cancellationToken)).Confirmed(clock.GetUtcNow());
        audit.Record(db, "payment-account.register", account.Id, new { account.Name, account.ShortCode, Result = result.GetType().Name });
        await db.CommitAsync(cancellationToken);
        return result;
    }

    /// <returns>False when there is no such account.</returns>
    public async Task<bool> RuleAsync(Guid accountId, ValidationRule validation, DepositRule deposits, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.PaymentAccounts.SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken) is not { } account)
            return false;

        account.Rule(validation, deposits);
        audit.Record(db, "payment-account.rule", account.Id, new { account.Name, Rail = $"{account.Rail}", Validation = $"{validation}", Deposits = $"{deposits}" });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The addresses that an account's registration names.</summary>
    public static C2bAddresses AddressesAt(Uri portal, string accountKey)
        => new(AddressAt(portal, accountKey, RegisteredAddress.Confirmation), AddressAt(portal, accountKey, RegisteredAddress.Validation));

    private static Uri AddressAt(Uri portal, string accountKey, RegisteredAddress address)
        => new($"{portal.GetLeftPart(UriPartial.Authority)}{CallbackKeys.PathOf(address)}/{accountKey}/{CallbackKeys.RegisteredKey(accountKey, address)}");

    private async Task<PaymentAccount?> FindAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);
    }

    private async Task<C2bRegistration> AskAsync(PaymentAccount account, Uri portal, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = AddressesAt(portal, codec.Reveal(account.TenantId, account.CallbackKey));
            return StkCallbackAddress.Objection(addresses.Confirmation) is { } objection
                ? new C2bRegistration.Refused(objection)
                : await daraja.RegisterAsync(account.Credentials(codec), addresses, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new C2bRegistration.Refused("The stored keys cannot be read; open the account again.");
        }
    }
}
