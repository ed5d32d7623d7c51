using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>Money that came. Its journal entry is written in the same transaction.</summary>
public sealed class Payment : TenantEntity
{
    private Payment() { }

    public Guid PaymentAccountId { get; private set; }
    public Guid? PaymentRequestId { get; private set; }
    public Guid? CustomerId { get; private set; }

    /// <summary>
    /// The provider's own number of the payment. Null while only a query said that it was paid: a query names no
    /// receipt (mpesa.md, 3.7), the callback brings it later.
    /// </summary>
    public string? Receipt { get; private set; }

    public decimal Amount { get; private set; }
    public string? Phone { get; private set; }

    /// <summary>When the payer paid, by the provider's clock where it said so.</summary>
    public DateTimeOffset PaidAt { get; private set; }

    public DateTimeOffset RecordedAt { get; private set; }

    internal static Payment Record(PaymentRequest request, PaidEvidence evidence, DateTimeOffset now) => new()
    {
        TenantId = request.TenantId,
        Id = Guid.CreateVersion7(now),
        PaymentAccountId = request.PaymentAccountId,
        PaymentRequestId = request.Id,
        CustomerId = request.CustomerId,
        Receipt = evidence.Receipt,
        Amount = request.Amount,
        Phone = request.Phone,
        PaidAt = evidence.PaidAt ?? now,
        RecordedAt = now,
    };

    /// <summary>The callback came after a query had said that it was paid.</summary>
    internal void Enrich(string receipt, DateTimeOffset? paidAt) => (Receipt, PaidAt) = (receipt, paidAt ?? PaidAt);
}

/// <summary>Why a request is believed to be paid.</summary>
/// <param name="Receipt">Null when only a query said so.</param>
public sealed record PaidEvidence(string? Receipt, DateTimeOffset? PaidAt);

internal sealed class PaymentConfiguration : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> payment)
    {
        payment.ToTable("payments", table => table.HasCheckConstraint("ck_payments_amount", "amount > 0"));
        payment.Property(p => p.Receipt).HasMaxLength(Receipts.MaxLength);
        payment.Property(p => p.Phone).HasMaxLength(PhoneNumber.MaxLength);
        payment.References<Payment, PaymentAccount>(nameof(Payment.PaymentAccountId));
        payment.References<Payment, PaymentRequest>(nameof(Payment.PaymentRequestId));
        payment.References<Payment, Customer>(nameof(Payment.CustomerId));
        // One receipt, one payment; one prompt, one payment: whatever comes twice is refused here at the latest.
        payment.HasIndex(p => new { p.TenantId, p.Receipt }).IsUnique();
        payment.HasIndex(p => new { p.TenantId, p.PaymentRequestId }).IsUnique();
        payment.HasIndex(p => new { p.TenantId, p.RecordedAt });
        payment.HasIndex(p => new { p.TenantId, p.CustomerId });
    }
}
