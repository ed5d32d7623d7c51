using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Ledger;

/// <summary>One event of money, with its lines that sum to zero. Never changed, never deleted: the database sees to that.</summary>
public sealed class JournalEntry : TenantEntity
{
    private JournalEntry() { }

    public JournalSource Source { get; private set; }

    /// <summary>The one row that this entry books; doing the same thing twice fails on the unique index.</summary>
    public Guid SourceId { get; private set; }

    public DateTimeOffset BookedAt { get; private set; }
    public string Memo { get; private set; } = null!;

    internal static JournalEntry Book(Guid tenantId, JournalSource source, Guid sourceId, string memo, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        Source = source,
        SourceId = sourceId,
        BookedAt = now,
        Memo = memo,
    };
}

/// <summary>A debit (positive) or credit (negative) of one account.</summary>
public sealed class JournalLine : TenantEntity
{
    private JournalLine() { }

    public Guid EntryId { get; private set; }
    public Guid AccountId { get; private set; }
    public decimal Amount { get; private set; }

    internal static JournalLine Of(JournalEntry entry, Guid accountId, decimal amount, DateTimeOffset now) => new()
    {
        TenantId = entry.TenantId,
        Id = Guid.CreateVersion7(now),
        EntryId = entry.Id,
        AccountId = accountId,
        Amount = amount,
    };
}

/// <summary>What kind of row an entry books.</summary>
public enum JournalSource
{
    Payment,
    Allocation,
    Purchase,
    Refund,
}

internal sealed class JournalEntryConfiguration : IEntityTypeConfiguration<JournalEntry>
{
    public void Configure(EntityTypeBuilder<JournalEntry> entry)
    {
        entry.ToTable("journal_entries");
        entry.Property(e => e.Memo).HasMaxLength(200);
        // Read by the guard that lets lines be written in the entry's own transaction alone.
        entry.Property<ulong>("WrittenIn").HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()").ValueGeneratedOnAdd();
        // Exactly once: one source, one entry.
        entry.HasIndex(e => new { e.TenantId, e.Source, e.SourceId }).IsUnique();
        entry.HasIndex(e => new { e.TenantId, e.BookedAt });
    }
}

internal sealed class JournalLineConfiguration : IEntityTypeConfiguration<JournalLine>
{
    public void Configure(EntityTypeBuilder<JournalLine> line)
    {
        line.ToTable("journal_lines", table => table.HasCheckConstraint("ck_journal_lines_amount", "amount <> 0"));
        line.References<JournalLine, JournalEntry>(nameof(JournalLine.EntryId));
        line.References<JournalLine, LedgerAccount>(nameof(JournalLine.AccountId));
        line.HasIndex(l => new { l.TenantId, l.AccountId }).IncludeProperties(l => l.Amount);
    }
}
