using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Persistence;

/// <summary>The short numbers that people see (account, voucher serial), counted per tenant without gaps in a committed order.</summary>
public sealed class TenantCounter : TenantEntity
{
    private TenantCounter() { }

    public string Name { get; private set; } = null!;
    public long Value { get; private set; }
}

internal sealed class TenantCounterConfiguration : IEntityTypeConfiguration<TenantCounter>
{
    public void Configure(EntityTypeBuilder<TenantCounter> counter)
    {
        counter.ToTable("tenant_counters");
        counter.Property(c => c.Name).HasMaxLength(40);
        counter.HasIndex(c => new { c.TenantId, c.Name }).IsUnique();
    }
}

public static class TenantCounters
{
    public const string Customers = "customers";
    public const string Vouchers = "vouchers";
    public const string CashReceipts = "cash-receipts";

    /// <summary>
    /// Participant: takes the next <paramref name="count"/> numbers, the first of which is returned. Numbers start at
    /// 1001. The counter's row stays locked until the caller's transaction ends.
    /// </summary>
    public static async Task<long> TakeNumbersAsync(
        this IspDbContext db, string name, int count, TimeProvider clock, CancellationToken cancellationToken)
    {
        var last = await db.Database.SqlQuery<long>($"""
            insert into tenant_counters (tenant_id, id, name, value)
            values ({db.CurrentTenantId}, {Guid.CreateVersion7(clock.GetUtcNow())}, {name}, 1000 + {count})
            on conflict (tenant_id, name) do update set value = tenant_counters.value + {count}
            returning value as "Value"
            """).ToListAsync(cancellationToken);
        return last[0] - count + 1;
    }
}
