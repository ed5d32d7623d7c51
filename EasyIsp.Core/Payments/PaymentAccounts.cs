using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Payments;

/// <summary>Sets up how a tenant is paid.</summary>
public sealed class PaymentAccounts(IspDatabase database, SecretCodec codec, AuditTrail audit, TimeProvider clock)
{
    private const string ShortCodeIsClaimed = "pk_short_code_claims";

    /// <summary>Opens an account and makes its callback address; it is used from the next prompt on.</summary>
    /// <exception cref="ArgumentException">A number or address is malformed (<see cref="PaymentAccount.Open"/>).</exception>
    public async Task<OpenAccountOutcome> OpenAsync(NewPaymentAccount wanted, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var tenantId = db.CurrentTenantId;
        var callbackKey = CallbackKeys.NewAccountKey();
        var account = PaymentAccount.Open(
            tenantId,
            new PaymentAccountTerms(
                wanted.Name,
                wanted.TillNumber is null ? ShortCodeKind.Paybill : ShortCodeKind.Till,
                wanted.BaseUrl,
                wanted.ShortCode,
                wanted.TillNumber,
                codec.Protect(tenantId, wanted.ConsumerKey),
                codec.Protect(tenantId, wanted.ConsumerSecret),
                codec.Protect(tenantId, wanted.Passkey)),
            codec.Protect(tenantId, callbackKey),
            clock.GetUtcNow());
        db.PaymentAccounts.Add(account);
        db.ShortCodeClaims.Add(new ShortCodeClaim(new Uri(account.BaseUrl).Authority, account.ShortCode, tenantId));
        db.CallbackAddresses.Add(new CallbackAddress(CallbackKeys.DigestOf(callbackKey), tenantId, account.Id));
        audit.Record(db, "payment-account.open", account.Id, new { account.Name, account.ShortCode, account.TillNumber });
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
}

/// <summary>What the tenant copies from the provider's portal. Printing it shows no secret.</summary>
/// <param name="BaseUrl">Daraja's address: production, sandbox or an emulator's.</param>
/// <param name="TillNumber">Null for a Paybill.</param>
public sealed record NewPaymentAccount(
    string Name, string BaseUrl, string ShortCode, string? TillNumber, string ConsumerKey, string ConsumerSecret, string Passkey)
{
    public override string ToString() => $"{Name} ({ShortCode})";
}

public abstract record OpenAccountOutcome
{
    private OpenAccountOutcome() { }

    public sealed record Opened(Guid AccountId) : OpenAccountOutcome;

    /// <summary>A short code belongs to one tenant only, so that a receipt does too.</summary>
    public sealed record ShortCodeTaken : OpenAccountOutcome;
}
