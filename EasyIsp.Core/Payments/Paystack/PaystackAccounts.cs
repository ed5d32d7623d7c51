using System.Security.Cryptography;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Paystack;

/// <summary>
/// Sets up how a tenant is paid through Paystack. Tested by <see cref="PaymentAccounts.TestAsync"/> and disabled by
/// <see cref="PaymentAccounts.DisableAsync"/> as others are.
/// </summary>
public sealed class PaystackAccounts(IspDatabase database, SecretCodec codec, PaystackKeyTest keys, AuditTrail audit, TimeProvider clock)
{
    /// <returns>Newest first.</returns>
    public async Task<IReadOnlyList<PaystackAccountRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentAccounts
            .Where(a => a.Rail == Rail.Paystack)
            .OrderByDescending(a => a.Id)
            .Select(a => new PaystackAccountRow(
                a.Id, a.Name, a.BaseUrl, a.IsTest, a.ReceiptsTo, a.CreatedAt, a.DisabledAt,
                db.ProviderMessages.Where(m => m.PaymentAccountId == a.Id && m.Source != null).Max(m => (DateTimeOffset?)m.ReceivedAt)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Opens an account that Paystack takes the key of, and makes its webhook address; it is used from the next prompt on.</summary>
    public async Task<OpenPaystackOutcome> OpenAsync(NewPaystackAccount wanted, CancellationToken cancellationToken)
    {
        if (PaystackRules.FaultsIn(wanted) is { Count: > 0 } faults)
            return new OpenPaystackOutcome.Refused(faults);
        if (await keys.TestAsync(wanted, cancellationToken) is not CredentialsCheck.Works and var check)
            return new OpenPaystackOutcome.KeyNotTaken(check);

        await using var db = await database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken);
        if (tenant.Currency != PaystackProvider.Currency)
            return new OpenPaystackOutcome.OtherCurrency(tenant.Currency);

        var callbackKey = CallbackKeys.NewAccountKey();
        var account = PaymentAccount.Open(
            tenant.Id,
            new PaystackTerms(
                wanted.Name, wanted.BaseUrl, codec.Protect(tenant.Id, wanted.SecretKey), PaystackKey.IsTest(wanted.SecretKey), wanted.ReceiptsTo),
            codec.Protect(tenant.Id, callbackKey),
            clock.GetUtcNow());
        db.PaymentAccounts.Add(account);
        db.CallbackAddresses.Add(new CallbackAddress(CallbackKeys.DigestOf(callbackKey), account.TenantId, account.Id));
        audit.Record(db, "payment-account.open", account.Id, new { account.Name, Rail = $"{account.Rail}", account.BaseUrl, account.IsTest });
        await db.CommitAsync(cancellationToken);
        return new OpenPaystackOutcome.Opened(account.Id);
    }

    /// <summary>The address to be written into Paystack's settings. Its secret part tells whose it is; the signature is what proves a message.</summary>
    /// <param name="portal">The public address of the portal, without a path.</param>
    /// <returns>Null when there is no such account, or its key cannot be read.</returns>
    public async Task<Uri?> WebhookAsync(Guid accountId, Uri portal, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.PaymentAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId && a.Rail == Rail.Paystack, cancellationToken) is not { } account)
            return null;

        try
        {
            return new Uri(portal, $"{CallbackKeys.SignedPath}/{codec.Reveal(account.TenantId, account.CallbackKey)}");
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Tries a key that is not stored yet.</summary>
public sealed class PaystackKeyTest
{
    private readonly PaystackProvider _provider;

    internal PaystackKeyTest(PaystackProvider provider) => _provider = provider;

    public Task<CredentialsCheck> TestAsync(NewPaystackAccount wanted, CancellationToken cancellationToken)
        => _provider.CheckAsync(new PaystackCredentials(new Uri(wanted.BaseUrl), wanted.SecretKey), cancellationToken);
}

/// <summary>What the tenant copies from Paystack's settings. Printing it shows no secret.</summary>
/// <param name="BaseUrl">Paystack's address, or an emulator's.</param>
/// <param name="ReceiptsTo">Stands for payers without an e-mail address of their own: Paystack asks for one with every charge.</param>
public sealed record NewPaystackAccount(string Name, string BaseUrl, string SecretKey, string ReceiptsTo)
{
    public override string ToString() => Name;
}

/// <summary>A field that cannot stand as it is.</summary>
public enum PaystackFault
{
    Name,
    BaseUrl,
    SecretKey,
    ReceiptsTo,
}

/// <summary>What the fields must satisfy; the form asks the same questions as the use case.</summary>
public static class PaystackRules
{
    public static IReadOnlyList<PaystackFault> FaultsIn(NewPaystackAccount account) => [.. Faults(account)];

    private static IEnumerable<PaystackFault> Faults(NewPaystackAccount account)
    {
        if (!PaymentAccountRules.IsName(account.Name))
            yield return PaystackFault.Name;
        if (!PaymentAccountRules.IsAddress(account.BaseUrl))
            yield return PaystackFault.BaseUrl;
        if (!PaymentAccountRules.IsKey(account.SecretKey) || !PaystackKey.IsSecret(account.SecretKey))
            yield return PaystackFault.SecretKey;
        if (EmailAddress.Read(account.ReceiptsTo) is null)
            yield return PaystackFault.ReceiptsTo;
    }
}

/// <param name="HeardAt">When Paystack last told something to its address; null while it never did.</param>
public sealed record PaystackAccountRow(
    Guid Id,
    string Name,
    string BaseUrl,
    bool IsTest,
    string ReceiptsTo,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? HeardAt);

public abstract record OpenPaystackOutcome
{
    private OpenPaystackOutcome() { }

    public sealed record Opened(Guid AccountId) : OpenPaystackOutcome;

    public sealed record Refused(IReadOnlyList<PaystackFault> Faults) : OpenPaystackOutcome;

    /// <param name="Check">Refused, or not reached. Nothing was stored.</param>
    public sealed record KeyNotTaken(CredentialsCheck Check) : OpenPaystackOutcome;

    /// <summary>The tenant does not count in Kenyan shillings.</summary>
    public sealed record OtherCurrency(string Currency) : OpenPaystackOutcome;
}
