using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Subscriptions;

/// <summary>
/// What a customer has: a package, from, until. Subscriptions of one customer never overlap (the database refuses it):
/// the same package bought again makes the present one longer, another package begins when the present one ends.
/// </summary>
public sealed class Subscription : TenantEntity
{
    private Subscription() { }

    public Guid CustomerId { get; private set; }
    public Guid PackageId { get; private set; }
    public DateTimeOffset StartsAt { get; private set; }

    /// <summary>The first moment without access.</summary>
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>Data allowed in all of it together, both directions; null is unlimited.</summary>
    public long? DataLimitBytes { get; private set; }

    /// <summary>When the expiry job saw its end and cut what was still online.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>When <see cref="DataLimits.NearlyUsedPercent"/> of the data had gone; forgotten when more is bought.</summary>
    public DateTimeOffset? DataNearlyUsedAt { get; private set; }

    /// <summary>When all of the data had gone; forgotten when more is bought.</summary>
    public DateTimeOffset? DataUsedUpAt { get; private set; }

    internal static Subscription Start(Guid customerId, Package package, DateTimeOffset startsAt, DateTimeOffset now) => new()
    {
        TenantId = package.TenantId,
        Id = Guid.CreateVersion7(now),
        CustomerId = customerId,
        PackageId = package.Id,
        StartsAt = startsAt,
        EndsAt = startsAt + package.Duration,
        DataLimitBytes = package.DataLimitBytes,
    };

    internal void Extend(Package package)
    {
        EndsAt += package.Duration;
        DataLimitBytes = DataLimitBytes is { } allowed && package.DataLimitBytes is { } more ? allowed + more : null;
        (DataNearlyUsedAt, DataUsedUpAt) = (null, null);
    }

    /// <summary>One purchase less. What has begun ends now at the earliest; what has not is over as it begins.</summary>
    internal void Shorten(Package package, DateTimeOffset now)
    {
        var earliest = StartsAt < now ? now : StartsAt.AddMilliseconds(1);
        EndsAt = EndsAt - package.Duration is var end && end > earliest ? end : earliest;
        DataLimitBytes = DataLimitBytes is { } allowed && package.DataLimitBytes is { } less ? Math.Max(0, allowed - less) : DataLimitBytes;
    }

    public SubscriptionState StateAt(DateTimeOffset now) => this switch
    {
        { EndsAt: var end } when end <= now => SubscriptionState.Expired,
        { StartsAt: var start } when start > now => SubscriptionState.Upcoming,
        _ => SubscriptionState.Active,
    };
}

public enum SubscriptionState
{
    Upcoming,
    Active,
    Expired,
}

/// <summary>One sale of one package to one customer, and what it was paid with.</summary>
public sealed class Purchase : TenantEntity
{
    private Purchase() { }

    public Guid CustomerId { get; private set; }
    public Guid PackageId { get; private set; }
    public Guid SubscriptionId { get; private set; }

    /// <summary>Taken from the wallet; zero where a voucher paid.</summary>
    public decimal Price { get; private set; }

    public PurchaseMeans PaidBy { get; private set; }

    /// <summary>The row that it was made for (a payment, a voucher), for the timeline.</summary>
    public Guid? CauseId { get; private set; }

    public DateTimeOffset At { get; private set; }

    /// <summary>When it was undone and its price given back.</summary>
    public DateTimeOffset? TakenBackAt { get; private set; }

    internal void TakeBack(DateTimeOffset now) => TakenBackAt = now;

    internal static Purchase Of(
        Subscription subscription, Package package, decimal price, PurchaseMeans paidBy, Guid? causeId, DateTimeOffset now) => new()
    {
        TenantId = package.TenantId,
        Id = Guid.CreateVersion7(now),
        CustomerId = subscription.CustomerId,
        PackageId = package.Id,
        SubscriptionId = subscription.Id,
        Price = price,
        PaidBy = paidBy,
        CauseId = causeId,
        At = now,
    };
}

public enum PurchaseMeans
{
    Wallet,
    Voucher,

    /// <summary>Given by staff without money.</summary>
    Gift,
}

internal sealed class SubscriptionConfiguration : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> subscription)
    {
        subscription.ToTable("subscriptions", table => table.HasCheckConstraint("ck_subscriptions_period", "ends_at > starts_at"));
        subscription.References<Subscription, Customer>(nameof(Subscription.CustomerId));
        subscription.References<Subscription, Package>(nameof(Subscription.PackageId));
        subscription.HasIndex(s => new { s.TenantId, s.CustomerId, s.EndsAt });
        subscription.HasIndex(s => new { s.TenantId, s.EndsAt });
        // What the expiry job looks for, over all tenants.
        subscription.HasIndex(s => s.EndsAt).HasFilter("closed_at is null");
    }
}

internal sealed class PurchaseConfiguration : IEntityTypeConfiguration<Purchase>
{
    public void Configure(EntityTypeBuilder<Purchase> purchase)
    {
        purchase.ToTable("purchases", table => table.HasCheckConstraint("ck_purchases_price", "price >= 0"));
        purchase.References<Purchase, Customer>(nameof(Purchase.CustomerId));
        purchase.References<Purchase, Package>(nameof(Purchase.PackageId));
        purchase.References<Purchase, Subscription>(nameof(Purchase.SubscriptionId));
        purchase.HasIndex(p => new { p.TenantId, p.At });
        purchase.HasIndex(p => new { p.TenantId, p.CauseId });
    }
}
