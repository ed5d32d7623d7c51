using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Where the tenant's money comes in: a short code at M-Pesa with the credentials of its Daraja app (mpesa.md, 3), a
/// business at Paystack, or a till drawer, a box of cheques, a bank account. What one rail has throws when another is asked for it.
/// </summary>
public sealed class PaymentAccount : TenantEntity
{
    private PaymentAccount() { }

    public string Name { get; private set; } = null!;
    public Rail Rail { get; private set; }

    /// <summary>Null but for M-Pesa.</summary>
    public ShortCodeKind? Kind { get; private set; }

    /// <summary>The provider's address: production, sandbox, or the emulator's.</summary>
    public string BaseUrl { get => field ?? throw NotOfRail(); private set; }

    /// <summary>The Paybill number, or the store number behind a till; at a bank's Paybill the one that asks and does not receive.</summary>
    public string ShortCode { get => field ?? throw NotOfRail(); private set; }

    /// <summary>The till number that receives the money; null for a Paybill.</summary>
    public string? TillNumber { get; private set; }

    /// <summary>The bank's Paybill that receives the money in place of the short code; null but for <see cref="ShortCodeKind.BankPaybill"/>.</summary>
    public string? BankPaybill { get; private set; }

    /// <summary>The tenant's account there: every prompt names it (mpesa.md, 3.2).</summary>
    public string? BankAccount { get; private set; }

    public Secret ConsumerKey { get => field ?? throw NotOfRail(); private set; }
    public Secret ConsumerSecret { get => field ?? throw NotOfRail(); private set; }
    public Secret Passkey { get => field ?? throw NotOfRail(); private set; }

    /// <summary>Of a business at Paystack; it signs what Paystack tells, too.</summary>
    public Secret SecretKey { get => field ?? throw NotOfRail(); private set; }

    /// <summary>At Paystack: the e-mail address that stands for payers who have none of their own.</summary>
    public string ReceiptsTo { get => field ?? throw NotOfRail(); private set; }

    /// <summary>Its key is a provider's test key: what it says was paid is not money.</summary>
    public bool IsTest { get; private set; }

    /// <summary>The secret part of the account's callback addresses (<see cref="CallbackKeys"/>).</summary>
    public Secret CallbackKey { get => field ?? throw NotOfRail(); private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? DisabledAt { get; private set; }

    /// <summary>What is answered when the provider asks whether a customer's own payment may come.</summary>
    public ValidationRule Validation { get; private set; }

    /// <summary>What becomes of a customer's own payment once it is in his wallet.</summary>
    public DepositRule Deposits { get; private set; }

    /// <summary>Since when the provider tells us of payments that customers make by themselves.</summary>
    public DateTimeOffset? ConfirmedSince { get; private set; }

    /// <summary>When the addresses that are registered with the provider end; null when they are the present ones.</summary>
    public DateTimeOffset? RegisterAgainBy { get; private set; }

    public static PaymentAccount Open(Guid tenantId, PaymentAccountTerms terms, Secret callbackKey, DateTimeOffset now)
    {
        if (!PaymentAccountRules.IsAddress(terms.BaseUrl))
            throw new ArgumentException("Daraja's address begins with https://.", nameof(terms));
        if (!PaymentAccountRules.IsShortCode(terms.ShortCode))
            throw new ArgumentException("A short code has 5 to 7 digits.", nameof(terms));
        if ((terms.Kind == ShortCodeKind.Till) != (terms.TillNumber is not null))
            throw new ArgumentException("A till number belongs to a till.", nameof(terms));
        if ((terms.Kind == ShortCodeKind.BankPaybill) != (terms.Bank is not null))
            throw new ArgumentException("A bank's Paybill comes with the account there.", nameof(terms));

        return new PaymentAccount
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Name = terms.Name,
            Rail = Rail.Mpesa,
            Kind = terms.Kind,
            BaseUrl = terms.BaseUrl.TrimEnd('/'),
            ShortCode = terms.ShortCode,
            TillNumber = terms.TillNumber,
            BankPaybill = terms.Bank?.Paybill,
            BankAccount = terms.Bank?.Account,
            ConsumerKey = terms.ConsumerKey,
            ConsumerSecret = terms.ConsumerSecret,
            Passkey = terms.Passkey,
            CallbackKey = callbackKey,
            CreatedAt = now,
        };
    }

    public static PaymentAccount Open(Guid tenantId, PaystackTerms terms, Secret callbackKey, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        Name = terms.Name,
        Rail = Rail.Paystack,
        BaseUrl = terms.BaseUrl.TrimEnd('/'),
        SecretKey = terms.SecretKey,
        ReceiptsTo = terms.ReceiptsTo,
        IsTest = terms.IsTest,
        CallbackKey = callbackKey,
        CreatedAt = now,
    };

    public static PaymentAccount OpenCounter(Guid tenantId, NewCounterAccount wanted, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        Name = wanted.Name.Trim(),
        Rail = wanted.Rail.IsCounter() ? wanted.Rail : throw new ArgumentException("A provider tells of this rail's money.", nameof(wanted)),
        Deposits = wanted.Deposits,
        CreatedAt = now,
    };

    /// <summary>Its account in the books.</summary>
    internal AccountRef Ledger => Rail switch
    {
        Rail.Cash => AccountRef.CashAt(Id),
        Rail.Cheque => AccountRef.Cheques(Id),
        Rail.Bank => AccountRef.Bank(Id),
        _ => AccountRef.MobileMoney(Id),
    };

    public void Disable(DateTimeOffset now) => DisabledAt ??= now;

    public void Rule(ValidationRule validation, DepositRule deposits) => (Validation, Deposits) = (validation, deposits);

    internal void Confirmed(DateTimeOffset now) => (ConfirmedSince, RegisterAgainBy) = (ConfirmedSince ?? now, null);

    internal void Rotate(Secret callbackKey, DateTimeOffset oldValidUntil)
        => (CallbackKey, RegisterAgainBy) = (callbackKey, ConfirmedSince is null ? null : RegisterAgainBy ?? oldValidUntil);

    internal void OldAddressesEnded(DateTimeOffset now) => RegisterAgainBy = RegisterAgainBy > now ? now : RegisterAgainBy;

    /// <summary>As a confirmation may name it: a till by its own number or by its store's.</summary>
    internal bool IsCalled(string shortCode) => shortCode == ShortCode || shortCode == TillNumber;

    private InvalidOperationException NotOfRail() => new($"An account of the rail {Rail} does not have it.");
}

/// <summary>Which payments that customers make by themselves are refused before the money moves.</summary>
public enum ValidationRule
{
    AcceptAll,

    /// <summary>Those that name no account of a customer, nor a request.</summary>
    RefuseUnknownAccounts,

    /// <summary>Those too, and those that name a request and pay another amount than it asks for.</summary>
    RefuseWrongAmounts,
}

/// <summary>What follows a customer's own payment.</summary>
public enum DepositRule
{
    KeepInWallet,

    /// <summary>The package that he had last is bought again when the wallet suffices.</summary>
    RenewLastPackage,
}

public sealed record PaymentAccountTerms(
    string Name,
    ShortCodeKind Kind,
    string BaseUrl,
    string ShortCode,
    string? TillNumber,
    Secret ConsumerKey,
    Secret ConsumerSecret,
    Secret Passkey,
    BankDestination? Bank = null);

/// <summary>Where money goes that a short code asks for on behalf of an account at a bank.</summary>
/// <param name="Paybill">The bank's, as the bank says.</param>
/// <param name="Account">At most 12 letters and digits: M-Pesa carries no more (mpesa.md, 3.1).</param>
public sealed record BankDestination(string Paybill, string Account);

/// <summary>A business at Paystack.</summary>
public sealed record PaystackTerms(string Name, string BaseUrl, Secret SecretKey, bool IsTest, string ReceiptsTo);

public enum ShortCodeKind
{
    Paybill,
    Till,

    /// <summary>
    /// The short code asks, and a bank's Paybill receives. M-Pesa tells nobody but the bank of it: the callback and the query
    /// of each prompt are all that is heard, there is no confirmation and no statement of ours (mpesa.md, 3.2).
    /// </summary>
    BankPaybill,
}

internal static class ShortCodes
{
    /// <summary>
    /// The accounts whose money comes to a short code of the tenant's own: M-Pesa confirms it, has books of it, looks receipts
    /// up in them and gives back out of them.
    /// </summary>
    public static IQueryable<PaymentAccount> AtOwnShortCode(this IQueryable<PaymentAccount> accounts)
        => accounts.Where(a => a.Rail == Rail.Mpesa && a.Kind != ShortCodeKind.BankPaybill);
}

/// <summary>The registry of short codes: one belongs to one tenant only, so a receipt does too.</summary>
public sealed class ShortCodeClaim : IRegistryEntry
{
    private ShortCodeClaim() { }

    public ShortCodeClaim(string provider, string shortCode, Guid tenantId)
        => (Provider, ShortCode, TenantId) = (provider, shortCode, tenantId);

    /// <summary>The provider's host, so that sandbox and production codes do not meet.</summary>
    public string Provider { get; private set; } = null!;

    public string ShortCode { get; private set; } = null!;
    public Guid TenantId { get; private set; }
}

/// <summary>The registry of callback addresses: which account the secret in a path belongs to. Holds its SHA-256 alone.</summary>
public sealed class CallbackAddress : IRegistryEntry
{
    private CallbackAddress() { }

    public CallbackAddress(byte[] keyDigest, Guid tenantId, Guid paymentAccountId)
        => (KeyDigest, TenantId, PaymentAccountId) = (keyDigest, tenantId, paymentAccountId);

    public byte[] KeyDigest { get; private set; } = null!;
    public Guid TenantId { get; private set; }
    public Guid PaymentAccountId { get; private set; }

    /// <summary>Of an address that was replaced: how long it is answered still. Null for the present one.</summary>
    public DateTimeOffset? ValidUntil { get; private set; }

    internal void EndAt(DateTimeOffset until) => ValidUntil = until;
}

internal sealed class PaymentAccountConfiguration : IEntityTypeConfiguration<PaymentAccount>
{
    public void Configure(EntityTypeBuilder<PaymentAccount> account)
    {
        // What a rail needs it has, and nothing of another's.
        account.ToTable("payment_accounts", table =>
        {
            table.HasCheckConstraint("ck_payment_accounts_rail", "rail in ('Mpesa', 'Cash', 'Cheque', 'Bank', 'Paystack')");
            table.HasCheckConstraint("ck_payment_accounts_terms", """
                case rail
                  when 'Mpesa' then num_nonnulls(kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key) = 7
                    and num_nonnulls(secret_key, receipts_to) = 0 and not is_test
                    and num_nonnulls(bank_paybill, bank_account) = case kind when 'BankPaybill' then 2 else 0 end
                    and (kind <> 'BankPaybill' or num_nonnulls(till_number, confirmed_since) = 0)
                  when 'Paystack' then num_nonnulls(base_url, callback_key, secret_key, receipts_to) = 4
                    and num_nonnulls(kind, short_code, till_number, bank_paybill, bank_account, consumer_key, consumer_secret, passkey, confirmed_since) = 0
                  else num_nonnulls(kind, base_url, short_code, till_number, bank_paybill, bank_account, consumer_key, consumer_secret, passkey, callback_key, confirmed_since, secret_key, receipts_to) = 0
                    and not is_test
                end
                """);
        });
        account.Property(a => a.Rail).HasDefaultValue(Rail.Mpesa);
        account.Property(a => a.ConsumerKey).IsRequired(false);
        account.Property(a => a.ConsumerSecret).IsRequired(false);
        account.Property(a => a.Passkey).IsRequired(false);
        account.Property(a => a.CallbackKey).IsRequired(false);
        account.Property(a => a.SecretKey).IsRequired(false);
        account.Property(a => a.ReceiptsTo).HasMaxLength(EmailAddress.MaxLength).IsRequired(false);
        account.Property(a => a.Name).HasMaxLength(PaymentAccountRules.MaxNameLength);
        account.Property(a => a.BaseUrl).HasMaxLength(PaymentAccountRules.MaxBaseUrlLength).IsRequired(false);
        account.Property(a => a.ShortCode).HasMaxLength(PaymentAccountRules.MaxShortCodeLength).IsRequired(false);
        account.Property(a => a.TillNumber).HasMaxLength(PaymentAccountRules.MaxTillNumberLength);
        account.Property(a => a.BankPaybill).HasMaxLength(PaymentAccountRules.MaxShortCodeLength);
        account.Property(a => a.BankAccount).HasMaxLength(StkPushOrder.LongestReference);
        account.Property(a => a.Validation).HasDefaultValue(ValidationRule.AcceptAll);
        account.Property(a => a.Deposits).HasDefaultValue(DepositRule.KeepInWallet);
    }
}

internal sealed class ShortCodeClaimConfiguration : IEntityTypeConfiguration<ShortCodeClaim>
{
    public void Configure(EntityTypeBuilder<ShortCodeClaim> claim)
    {
        claim.ToTable("short_code_claims");
        claim.HasKey(c => new { c.Provider, c.ShortCode });
        claim.Property(c => c.Provider).HasMaxLength(120);
        claim.Property(c => c.ShortCode).HasMaxLength(7);
        claim.HasOne<Tenant>().WithMany().HasForeignKey(c => c.TenantId);
    }
}

internal sealed class CallbackAddressConfiguration : IEntityTypeConfiguration<CallbackAddress>
{
    public void Configure(EntityTypeBuilder<CallbackAddress> address)
    {
        address.ToTable("callback_addresses");
        address.HasKey(a => a.KeyDigest);
        address.HasOne<Tenant>().WithMany().HasForeignKey(a => a.TenantId);
    }
}
