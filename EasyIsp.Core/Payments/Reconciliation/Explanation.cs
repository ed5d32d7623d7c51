using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>
/// What a person found out about a difference that the books cannot mend: it counts no more. Never changed. Once the two sides
/// differ otherwise it is of what was, and counts again when they stand as it says.
/// </summary>
public sealed class Explanation : TenantEntity
{
    public const int MaxReasonLength = 300;
    public const int MaxNameLength = 120;

    private Explanation() { }

    /// <summary>The provider's line; null where there is none.</summary>
    public Guid? StatementLineId { get; private set; }

    /// <summary>The payment; null where the line has none.</summary>
    public Guid? PaymentId { get; private set; }

    public DifferenceKind Kind { get; private set; }

    /// <summary>By the line. Null also where it was written before this was kept, and the line has named several amounts.</summary>
    public decimal? Stated { get; private set; }

    /// <summary>By the payment.</summary>
    public decimal? Booked { get; private set; }

    /// <summary>By the journal.</summary>
    public decimal? Entered { get; private set; }

    public string Reason { get; private set; } = null!;
    public string By { get; private set; } = null!;
    public DateTimeOffset At { get; private set; }

    public DifferenceKey Key => new(StatementLineId, PaymentId, Kind, Stated, Booked, Entered);

    internal static Explanation Of(Guid tenantId, DifferenceKey key, string reason, string by, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        StatementLineId = key.LineId,
        PaymentId = key.PaymentId,
        Kind = key.Kind,
        Stated = key.Stated,
        Booked = key.Booked,
        Entered = key.Entered,
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
        explanation.HasIndex(e => new { e.TenantId, e.StatementLineId, e.PaymentId, e.Kind, e.Stated, e.Booked, e.Entered })
            .IsUnique().AreNullsDistinct(false).HasDatabaseName("ix_explanations_once");
    }
}
