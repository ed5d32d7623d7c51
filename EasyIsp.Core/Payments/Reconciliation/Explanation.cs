using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>What a person found out about a difference that the books cannot mend: it counts no more. Never changed.</summary>
public sealed class Explanation : TenantEntity
{
    public const int MaxReasonLength = 300;
    public const int MaxNameLength = 120;

    private Explanation() { }

    /// <summary>The provider's line; null where there is none.</summary>
    public Guid? StatementLineId { get; private set; }

    /// <summary>The payment; null where the line has none.</summary>
    public Guid? PaymentId { get; private set; }

    public string Reason { get; private set; } = null!;
    public string By { get; private set; } = null!;
    public DateTimeOffset At { get; private set; }

    internal static Explanation Of(Guid tenantId, DifferenceKey key, string reason, string by, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        StatementLineId = key.LineId,
        PaymentId = key.LineId is null ? key.PaymentId : null,
        Reason = reason,
        By = by,
        At = now,
    };
}

internal sealed class ExplanationConfiguration : IEntityTypeConfiguration<Explanation>
{
    public void Configure(EntityTypeBuilder<Explanation> explanation)
    {
        explanation.ToTable("explanations", table => table.HasCheckConstraint("ck_explanations_of", "num_nonnulls(statement_line_id, payment_id) = 1"));
        explanation.Property(e => e.Reason).HasMaxLength(Explanation.MaxReasonLength);
        explanation.Property(e => e.By).HasMaxLength(Explanation.MaxNameLength);
        explanation.References<Explanation, StatementLine>(nameof(Explanation.StatementLineId));
        explanation.References<Explanation, Payment>(nameof(Explanation.PaymentId));
        // One difference is explained once.
        explanation.HasIndex(e => new { e.TenantId, e.StatementLineId }).IsUnique();
        explanation.HasIndex(e => new { e.TenantId, e.PaymentId }).IsUnique();
    }
}
