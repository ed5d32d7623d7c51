using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Claims;

/// <summary>Somebody says that he has paid, by a receipt that nobody has told us of. Only the provider's word books it.</summary>
public sealed class ReceiptClaim : TenantEntity
{
    private ReceiptClaim() { }

    public string Receipt { get; private set; } = null!;

    /// <summary>The hotspot visit that it was typed at; null when staff asked.</summary>
    public Guid? OriginId { get; private set; }

    public string By { get; private set; } = null!;
    public ReceiptClaimState State { get; private set; }

    /// <summary>What it brought; null while nothing did.</summary>
    public Guid? PaymentId { get; private set; }

    public DateTimeOffset AskedAt { get; private set; }
    public DateTimeOffset? SettledAt { get; private set; }

    internal static ReceiptClaim Make(Guid tenantId, string receipt, Guid? originId, string by, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        Receipt = receipt,
        OriginId = originId,
        By = by,
        State = ReceiptClaimState.Asked,
        AskedAt = now,
    };

    internal void Booked(Guid paymentId, DateTimeOffset now) => (State, PaymentId, SettledAt) = (ReceiptClaimState.Booked, paymentId, now);

    /// <summary>Another account's answer may say more later; what was booked stays.</summary>
    internal void Ended(ReceiptClaimState state, DateTimeOffset now)
    {
        if (State != ReceiptClaimState.Booked)
            (State, SettledAt) = (state, now);
    }
}

public enum ReceiptClaimState
{
    /// <summary>The provider is asked. It may stay silent: then it is booked when an answer comes after all.</summary>
    Asked,

    /// <summary>The provider confirmed it, and it is in the books.</summary>
    Booked,

    /// <summary>The provider knows it, and it went to somebody else.</summary>
    Elsewhere,

    /// <summary>The provider knows no such payment, or it was not completed.</summary>
    NotFound,

    /// <summary>It was paid before the short code was opened here.</summary>
    TooOld,

    /// <summary>The provider did not take the question: the initiator is not set up as it should be.</summary>
    CouldNotAsk,
}

internal sealed class ReceiptClaimConfiguration : IEntityTypeConfiguration<ReceiptClaim>
{
    public void Configure(EntityTypeBuilder<ReceiptClaim> claim)
    {
        claim.ToTable("receipt_claims");
        claim.Property(c => c.Receipt).HasMaxLength(Receipts.MaxLength);
        claim.Property(c => c.By).HasMaxLength(120);
        claim.References<ReceiptClaim, Payment>(nameof(ReceiptClaim.PaymentId));
        claim.HasIndex(c => new { c.TenantId, c.Receipt, c.AskedAt });
        claim.HasIndex(c => new { c.TenantId, c.AskedAt });
    }
}
