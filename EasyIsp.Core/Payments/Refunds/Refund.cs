using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Refunds;

/// <summary>
/// Money of one payment that is given back, all of it or a part: asked for by one of the staff, over the tenant's limit
/// approved by another, and followed to its end. What moves is a <see cref="RefundStep"/>.
/// </summary>
public sealed class Refund : TenantEntity
{
    public const int MaxReasonLength = 200;
    public const int MaxNameLength = 120;
    public const int MaxResultLength = 300;

    private Refund() { }

    public Guid PaymentId { get; private set; }

    /// <summary>Whose money it is; null out of suspense.</summary>
    public Guid? CustomerId { get; private set; }

    /// <summary>The purchase that is undone for it; null where the money was not spent.</summary>
    public Guid? PurchaseId { get; private set; }

    public decimal Amount { get; private set; }
    public RefundWay Way { get; private set; }

    /// <summary>Who is paid out, E.164; null for the other ways.</summary>
    public string? Phone { get; private set; }

    public string Reason { get; private set; } = null!;
    public RefundState State { get; private set; }
    public DateTimeOffset AskedAt { get; private set; }
    public string AskedBy { get; private set; } = null!;

    /// <summary>Null where the product itself asked.</summary>
    public Guid? AskedById { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Who approved or declined it; whoever asked, where no second person was needed.</summary>
    public string? DecidedBy { get; private set; }

    public string? DecisionNote { get; private set; }
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>Why it failed, in the provider's words.</summary>
    public string? Result { get; private set; }

    /// <summary>The provider's number of what went back.</summary>
    public string? Receipt { get; private set; }

    /// <summary>Else the payment's money is in the wallet again, and may be given back from there.</summary>
    internal bool LeavesHouse => Leaves(Way);

    internal static bool Leaves(RefundWay way) => way != RefundWay.Wallet;

    internal static Refund Ask(Payment payment, RefundDraft draft, Guid? purchaseId, Guid? by, string name, DateTimeOffset now) => new()
    {
        TenantId = payment.TenantId,
        Id = draft.Id,
        PaymentId = payment.Id,
        CustomerId = payment.CustomerId,
        PurchaseId = purchaseId,
        Amount = draft.Amount,
        Way = draft.Way,
        Phone = draft.Way == RefundWay.Payout ? draft.Phone : null,
        Reason = draft.Reason.Trim(),
        State = RefundState.Asked,
        AskedAt = now,
        AskedBy = name.Truncate(MaxNameLength),
        AskedById = by,
    };

    internal void Approved(string by, DateTimeOffset now) => (State, DecidedBy, DecidedAt) = (RefundState.Underway, by.Truncate(MaxNameLength), now);

    internal void Declined(string by, string note, DateTimeOffset now)
        => (State, DecidedBy, DecidedAt, DecisionNote, SettledAt) = (RefundState.Declined, by.Truncate(MaxNameLength), now, note, now);

    internal void Done(string? receipt, DateTimeOffset now) => (State, Receipt, Result, SettledAt) = (RefundState.Done, receipt, null, now);

    internal void Failed(string? why, DateTimeOffset now) => (State, Result, SettledAt) = (RefundState.Failed, why?.Truncate(MaxResultLength), now);
}

/// <summary>Where the money goes.</summary>
public enum RefundWay
{
    /// <summary>What a purchase cost, back into the wallet; nothing leaves the house.</summary>
    Wallet,

    /// <summary>The provider gives the payment back to whoever paid it (mpesa.md, 7).</summary>
    Reversal,

    /// <summary>The provider pays a phone (B2C; mpesa.md, 6).</summary>
    Payout,

    /// <summary>Staff hand it out of the drawer that took it.</summary>
    Cash,
}

/// <summary>The life of a refund. <see cref="Failed"/> may still become <see cref="Done"/>: a provider's outcome can be late.</summary>
public enum RefundState
{
    /// <summary>Waits for a second person.</summary>
    Asked,
    Declined,

    /// <summary>The provider has the order, or is about to get it.</summary>
    Underway,
    Done,

    /// <summary>The provider did not carry it out; the money is where it was, or in the wallet.</summary>
    Failed,
}

/// <summary>One move of a refund's money. One row, one journal entry; never changed.</summary>
public sealed class RefundStep : TenantEntity
{
    private RefundStep() { }

    public Guid RefundId { get; private set; }
    public RefundStepKind Kind { get; private set; }
    public DateTimeOffset At { get; private set; }

    internal static RefundStep Of(Refund refund, RefundStepKind kind, DateTimeOffset now)
        => new() { TenantId = refund.TenantId, Id = Guid.CreateVersion7(now), RefundId = refund.Id, Kind = kind, At = now };
}

public enum RefundStepKind
{
    /// <summary>Out of wallet, suspense or sales: nobody can spend it while it is under way.</summary>
    Held,

    /// <summary>It has left the house, or is in the wallet.</summary>
    Paid,

    /// <summary>It was not paid: back to suspense, or into the wallet.</summary>
    Released,
}

internal sealed class RefundConfiguration : IEntityTypeConfiguration<Refund>
{
    public void Configure(EntityTypeBuilder<Refund> refund)
    {
        refund.ToTable("refunds", table =>
        {
            table.HasCheckConstraint("ck_refunds_amount", "amount > 0");
            table.HasCheckConstraint("ck_refunds_phone", "(way = 'Payout') = (phone is not null)");
        });
        refund.Property(r => r.Phone).HasMaxLength(PhoneNumber.MaxLength);
        refund.Property(r => r.Reason).HasMaxLength(Refund.MaxReasonLength);
        refund.Property(r => r.AskedBy).HasMaxLength(Refund.MaxNameLength);
        refund.Property(r => r.DecidedBy).HasMaxLength(Refund.MaxNameLength);
        refund.Property(r => r.DecisionNote).HasMaxLength(Refund.MaxReasonLength);
        refund.Property(r => r.Result).HasMaxLength(Refund.MaxResultLength);
        refund.Property(r => r.Receipt).HasMaxLength(Receipts.MaxLength);
        refund.References<Refund, Payment>(nameof(Refund.PaymentId));
        refund.References<Refund, Customer>(nameof(Refund.CustomerId));
        refund.References<Refund, Purchase>(nameof(Refund.PurchaseId));
        refund.HasIndex(r => new { r.TenantId, r.PaymentId });
        refund.HasIndex(r => new { r.TenantId, r.AskedAt });
        // What waits for a second person, and what is under way.
        refund.HasIndex(r => new { r.TenantId, r.State, r.AskedAt }).HasFilter("state in ('Asked', 'Underway')");
        // A purchase is undone once.
        refund.HasIndex(r => new { r.TenantId, r.PurchaseId }).IsUnique().HasFilter("purchase_id is not null and state <> 'Declined'");
    }
}

internal sealed class RefundStepConfiguration : IEntityTypeConfiguration<RefundStep>
{
    public void Configure(EntityTypeBuilder<RefundStep> step)
    {
        step.ToTable("refund_steps");
        step.References<RefundStep, Refund>(nameof(RefundStep.RefundId));
        step.HasIndex(s => new { s.TenantId, s.RefundId });
    }
}
