using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>One move of money that had come already: out of suspense, back, or undone. One row, one journal entry; never changed.</summary>
public sealed class Allocation : TenantEntity
{
    public const int MaxReasonLength = 200;

    private Allocation() { }

    public Guid PaymentId { get; private set; }

    /// <summary>Whose wallet it went to or was taken from; null where it was nobody's.</summary>
    public Guid? CustomerId { get; private set; }

    public AllocationKind Kind { get; private set; }
    public string Reason { get; private set; } = null!;

    /// <summary>The member of staff, or the product itself.</summary>
    public string By { get; private set; } = null!;

    public DateTimeOffset At { get; private set; }

    internal static Allocation Of(Payment payment, AllocationKind kind, Guid? customerId, AllocationGrounds grounds, DateTimeOffset now) => new()
    {
        TenantId = payment.TenantId,
        Id = Guid.CreateVersion7(now),
        PaymentId = payment.Id,
        CustomerId = customerId,
        Kind = kind,
        Reason = grounds.Reason,
        By = grounds.By,
        At = now,
    };
}

/// <param name="By">A name that a person knows.</param>
public sealed record AllocationGrounds(string By, string Reason)
{
    internal const string Providers = "M-Pesa";

    internal static AllocationGrounds Provider(string reason) => new(Providers, reason);
}

public enum AllocationKind
{
    /// <summary>From suspense into a customer's wallet.</summary>
    Placed,

    /// <summary>From the wallet back into suspense.</summary>
    TakenBack,

    /// <summary>It was another payment, told twice: its entry is undone.</summary>
    FoundSame,

    /// <summary>What staff wrote down did not come after all: its entry is undone.</summary>
    Reversed,
}

internal sealed class AllocationConfiguration : IEntityTypeConfiguration<Allocation>
{
    public void Configure(EntityTypeBuilder<Allocation> allocation)
    {
        allocation.ToTable("allocations");
        allocation.Property(a => a.Reason).HasMaxLength(Allocation.MaxReasonLength);
        allocation.Property(a => a.By).HasMaxLength(120);
        allocation.References<Allocation, Payment>(nameof(Allocation.PaymentId));
        allocation.References<Allocation, Customer>(nameof(Allocation.CustomerId));
        allocation.HasIndex(a => new { a.TenantId, a.PaymentId });
    }
}
