using System.Security.Cryptography;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Payments;

/// <summary>Sets up how a tenant is paid. The newest account that is not disabled is the one that prompts go by.</summary>
public sealed class PaymentAccounts(
    IspDatabase database, SecretCodec codec, PaymentProviders providers, AuditTrail audit, TimeProvider clock)
{
    private const string ShortCodeIsClaimed = "pk_short_code_claims";

    /// <returns>Those at M-Pesa, newest first.</returns>
    public async Task<IReadOnlyList<PaymentAccountRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentAccounts
            .Where(a => a.Rail == Rail.Mpesa)
            .OrderByDescending(a => a.Id)
            .Select(a => new PaymentAccountRow(a.Id, a.Name, a.Kind!.Value, a.BaseUrl, a.ShortCode, a.TillNumber, a.CreatedAt, a.DisabledAt, a.Validation, a.Deposits, a.ConfirmedSince, a.RegisterAgainBy,
                a.BankPaybill == null ? null : new BankDestination(a.BankPaybill, a.BankAccount!)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Opens an account and makes its callback address; it is used from the next prompt on. A tenant may open its own
    /// short code again, with other keys.
    /// </summary>
    public async Task<OpenAccountOutcome> OpenAsync(NewPaymentAccount wanted, CancellationToken cancellationToken)
    {
        if (PaymentAccountRules.FaultsIn(wanted) is { Count: > 0 } faults)
            return new OpenAccountOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        var callbackKey = CallbackKeys.NewAccountKey();
        var account = NewAccount(wanted, db.CurrentTenantId, callbackKey);
        db.PaymentAccounts.Add(account);
        db.CallbackAddresses.Add(new CallbackAddress(CallbackKeys.DigestOf(callbackKey), account.TenantId, account.Id));
        await ClaimAsync(db, account, cancellationToken);
        audit.Record(db, "payment-account.open", account.Id, new { account.Name, account.BaseUrl, account.ShortCode, account.TillNumber, account.BankPaybill, account.BankAccount });
        try
        {
            await db.CommitAsync(cancellationToken);
            return new OpenAccountOutcome.Opened(account.Id);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { ConstraintName: ShortCodeIsClaimed })
        {
            return new OpenAccountOutcome.ShortCodeTaken();
        }
    }

    /// <summary>
    /// No new prompt goes by it. Prompts that run are still asked after, and what the provider calls back is still
    /// taken: money may be on its way. The short code stays the tenant's.
    /// </summary>
    /// <returns>False when there is no such account, or it is disabled already.</returns>
    public async Task<bool> DisableAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var account = await db.PaymentAccounts.SingleOrDefaultAsync(a => a.Id == accountId && a.DisabledAt == null, cancellationToken);
        if (account is null)
            return false;

        account.Disable(clock.GetUtcNow());
        audit.Record(db, "payment-account.disable", account.Id, new { account.Name, Rail = $"{account.Rail}" });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Asks the provider whether it takes the stored keys.</summary>
    /// <returns>Null when there is no such account at a provider.</returns>
    public async Task<CredentialsCheck?> TestAsync(Guid accountId, CancellationToken cancellationToken)
    {
        if (await FindAsync(accountId, cancellationToken) is not { } account || !providers.Rails.Contains(account.Rail))
            return null;

        var check = await CheckAsync(account, cancellationToken);
        await using var db = await database.OpenAsync(cancellationToken);
        audit.Record(db, "payment-account.test", account.Id, new { account.Name, Rail = $"{account.Rail}", Result = check.GetType().Name });
        await db.CommitAsync(cancellationToken);
        return check;
    }

    private PaymentAccount NewAccount(NewPaymentAccount wanted, Guid tenantId, string callbackKey) => PaymentAccount.Open(
        tenantId,
        new PaymentAccountTerms(
            wanted.Name,
            wanted.Kind,
            wanted.BaseUrl,
            wanted.ShortCode,
            wanted.TillNumber,
            codec.Protect(tenantId, wanted.ConsumerKey),
            codec.Protect(tenantId, wanted.ConsumerSecret),
            codec.Protect(tenantId, wanted.Passkey),
            wanted.Bank),
        codec.Protect(tenantId, callbackKey),
        clock.GetUtcNow());

    /// <summary>The registry shows a tenant its own claims alone; another's is met when the row is written.</summary>
    private static async Task ClaimAsync(IspDbContext db, PaymentAccount account, CancellationToken cancellationToken)
    {
        var provider = new Uri(account.BaseUrl).Authority;
        if (!await db.ShortCodeClaims.AnyAsync(c => c.Provider == provider && c.ShortCode == account.ShortCode, cancellationToken))
            db.ShortCodeClaims.Add(new ShortCodeClaim(provider, account.ShortCode, account.TenantId));
    }

    private async Task<PaymentAccount?> FindAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);
    }

    private async Task<CredentialsCheck> CheckAsync(PaymentAccount account, CancellationToken cancellationToken)
    {
        try
        {
            return await providers.Of(account.Rail).CheckAsync(account, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new CredentialsCheck.Refused("The stored keys cannot be read; open the account again.");
        }
    }
}

/// <param name="TillNumber">Null for a Paybill.</param>
/// <param name="Bank">Where the money goes; null when it comes to the short code or its till.</param>
public sealed record PaymentAccountRow(
    Guid Id,
    string Name,
    ShortCodeKind Kind,
    string BaseUrl,
    string ShortCode,
    string? TillNumber,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt,
    ValidationRule Validation = ValidationRule.AcceptAll,
    DepositRule Deposits = DepositRule.KeepInWallet,
    DateTimeOffset? ConfirmedSince = null,
    DateTimeOffset? RegisterAgainBy = null,
    BankDestination? Bank = null);

public abstract record OpenAccountOutcome
{
    private OpenAccountOutcome() { }

    public sealed record Opened(Guid AccountId) : OpenAccountOutcome;

    public sealed record Refused(IReadOnlyList<PaymentAccountFault> Faults) : OpenAccountOutcome;

    /// <summary>A short code belongs to one tenant only, so that a receipt does too.</summary>
    public sealed record ShortCodeTaken : OpenAccountOutcome;
}
