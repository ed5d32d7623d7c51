using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Vouchers;

/// <summary>Vouchers that were made together, for one package.</summary>
public sealed class VoucherBatch : TenantEntity
{
    public const int MaxCount = 10_000;

    private VoucherBatch() { }

    public Guid PackageId { get; private set; }
    public string Name { get; private set; } = null!;
    public int Count { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first moment an unused code is no longer accepted.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>False of what was printed before codes had one (<see cref="UncheckedCodes"/>).</summary>
    public bool HasCheckLetter { get; private set; }

    internal static VoucherBatch Of(Package package, string name, int count, TimeSpan shelfLife, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(shelfLife, TimeSpan.Zero);
        return new VoucherBatch
        {
            TenantId = package.TenantId,
            Id = Guid.CreateVersion7(now),
            PackageId = package.Id,
            Name = name.Trim(),
            Count = count,
            CreatedAt = now,
            ExpiresAt = now + shelfLife,
            HasCheckLetter = true,
        };
    }
}

/// <summary>A prepaid code that opens one package for one customer, once.</summary>
public sealed class Voucher : TenantEntity
{
    private Voucher() { }

    public Guid BatchId { get; private set; }
    public Guid PackageId { get; private set; }

    /// <summary>What people call it by; counts per tenant and is printed beside the code.</summary>
    public long Serial { get; private set; }

    public Secret Code { get; private set; } = null!;

    /// <summary>Finds the code without revealing it (<see cref="BlindIndex"/>).</summary>
    public byte[] CodeDigest { get; private set; } = null!;

    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? RedeemedAt { get; private set; }
    public Guid? RedeemedBy { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    internal static Voucher Print(VoucherBatch batch, long serial, Secret code, byte[] codeDigest, DateTimeOffset now) => new()
    {
        TenantId = batch.TenantId,
        Id = Guid.CreateVersion7(now),
        BatchId = batch.Id,
        PackageId = batch.PackageId,
        Serial = serial,
        Code = code,
        CodeDigest = codeDigest,
        ExpiresAt = batch.ExpiresAt,
    };

    public static VoucherState StateOf(DateTimeOffset? redeemedAt, DateTimeOffset? revokedAt, DateTimeOffset expiresAt, DateTimeOffset now)
        => redeemedAt is not null ? VoucherState.Used
            : revokedAt is not null ? VoucherState.Revoked
            : expiresAt <= now ? VoucherState.Expired
            : VoucherState.Available;

    /// <summary>The state follows from the facts; it is not stored, so it cannot disagree with them.</summary>
    public VoucherState StateAt(DateTimeOffset now) => StateOf(RedeemedAt, RevokedAt, ExpiresAt, now);
}

public enum VoucherState
{
    Available,
    Used,
    Expired,
    Revoked,
}

internal sealed class VoucherBatchConfiguration : IEntityTypeConfiguration<VoucherBatch>
{
    public void Configure(EntityTypeBuilder<VoucherBatch> batch)
    {
        batch.ToTable("voucher_batches");
        batch.Property(b => b.Name).HasMaxLength(60);
        batch.References<VoucherBatch, Package>(nameof(VoucherBatch.PackageId));
    }
}

internal sealed class VoucherConfiguration : IEntityTypeConfiguration<Voucher>
{
    public void Configure(EntityTypeBuilder<Voucher> voucher)
    {
        voucher.ToTable("vouchers", table =>
        {
            table.HasCheckConstraint("ck_vouchers_redeemed", "(redeemed_at is null) = (redeemed_by is null)");
            table.HasCheckConstraint("ck_vouchers_one_end", "redeemed_at is null or revoked_at is null");
        });
        voucher.References<Voucher, VoucherBatch>(nameof(Voucher.BatchId));
        voucher.References<Voucher, Package>(nameof(Voucher.PackageId));
        voucher.References<Voucher, Customer>(nameof(Voucher.RedeemedBy));
        voucher.HasIndex(v => new { v.TenantId, v.CodeDigest }).IsUnique();
        voucher.HasIndex(v => new { v.TenantId, v.Serial }).IsUnique();
        voucher.HasIndex(v => new { v.TenantId, v.BatchId });
    }
}
