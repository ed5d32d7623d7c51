using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Ledger;

/// <summary>An account of the tenant's books; wallets and payment accounts have one each.</summary>
public sealed class LedgerAccount : TenantEntity
{
    private LedgerAccount() { }

    public LedgerAccountKind Kind { get; private set; }

    /// <summary>The customer of a wallet, the payment account of money; null where the kind has one account.</summary>
    public Guid? SubjectId { get; private set; }
}

public enum LedgerAccountKind
{
    /// <summary>Asset: money at a mobile money provider, one for each payment account.</summary>
    MobileMoney,

    /// <summary>Asset: notes and coins taken by staff, one for each payment account.</summary>
    Cash,

    /// <summary>Asset: cheques taken by staff, one for each payment account.</summary>
    Cheques,

    /// <summary>Asset: money at a bank, one for each payment account.</summary>
    Bank,

    /// <summary>Liability: what a customer has paid and not yet spent.</summary>
    Wallet,

    /// <summary>Liability: money that came and waits for a person to say whose it is.</summary>
    Suspense,

    /// <summary>Liability: what is being given back and has not arrived yet. A debit is money that was given back twice.</summary>
    RefundsUnderway,

    /// <summary>Revenue: access sold.</summary>
    Sales,
}

internal sealed class LedgerAccountConfiguration : IEntityTypeConfiguration<LedgerAccount>
{
    public void Configure(EntityTypeBuilder<LedgerAccount> account)
    {
        account.ToTable("ledger_accounts");
        account.HasIndex(a => new { a.TenantId, a.Kind, a.SubjectId }).IsUnique().AreNullsDistinct(false);
    }
}
