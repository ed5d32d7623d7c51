using System.Globalization;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>
/// One payment that the provider's own books name, as they name it. The line is written in the transaction that makes
/// something of it; what it says is added to, and changed only where the provider contradicts himself.
/// </summary>
public sealed class StatementLine : TenantEntity
{
    private StatementLine() { }

    public Guid PaymentAccountId { get; private set; }

    /// <summary>Unique within the account.</summary>
    public string Receipt { get; private set; } = null!;

    public decimal Amount { get; private set; }

    /// <summary>By the provider's clock; null when it could not be read.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <summary>What the payer typed.</summary>
    public string? Account { get; private set; }

    /// <summary>In full, masked or hashed.</summary>
    public string? PayerNumber { get; private set; }

    /// <summary>The kind of transaction, in the provider's words.</summary>
    public string? Kind { get; private set; }

    public StatementSource Source { get; private set; }

    /// <summary>What was made of it when it was first seen.</summary>
    public ProviderMessageOutcome Outcome { get; private set; }

    /// <summary>What a person should know about the outcome.</summary>
    public string? Note { get; private set; }

    public DateTimeOffset RecordedAt { get; private set; }

    internal static StatementLine Of(
        PaymentAccount account, PulledRow row, StatementSource source, ProviderMessageOutcome outcome, string? note, DateTimeOffset now) => new()
        {
            TenantId = account.TenantId,
            Id = Guid.CreateVersion7(now),
            PaymentAccountId = account.Id,
            Receipt = row.Receipt,
            Amount = row.Amount,
            At = row.At,
            Account = row.Account,
            PayerNumber = row.PayerNumber,
            Kind = row.Kind,
            Source = source,
            Outcome = outcome,
            Note = note,
            RecordedAt = now,
        };

    /// <summary>
    /// The statement tells more than the answer about one transaction did. Where it names another amount than before the
    /// later word counts: what is booked is another then, and stands among the differences.
    /// </summary>
    internal void Learn(PulledRow row, StatementSource source)
    {
        if (row.Amount != Amount)
            (Note, Amount) = (string.Create(CultureInfo.InvariantCulture, $"M-Pesa had said {Amount:0.00} before."), row.Amount);
        (Source, Account, Kind, PayerNumber) = (source, Account ?? row.Account, row.Kind ?? Kind, Payments.PayerNumber.Clearer(PayerNumber, row.PayerNumber));
    }
}

public enum StatementSource
{
    /// <summary>Pulled from the provider by the clock.</summary>
    Pull,

    /// <summary>The provider was asked about this one.</summary>
    Inquiry,

    /// <summary>A person exported it from the provider.</summary>
    Upload,
}

internal sealed class StatementLineConfiguration : IEntityTypeConfiguration<StatementLine>
{
    public void Configure(EntityTypeBuilder<StatementLine> line)
    {
        line.ToTable("statement_lines", table => table.HasCheckConstraint("ck_statement_lines_amount", "amount > 0"));
        line.Property(l => l.Receipt).HasMaxLength(Receipts.MaxLength);
        line.Property(l => l.Account).HasMaxLength(C2bConfirmation.MaxAccountLength);
        line.Property(l => l.PayerNumber).HasMaxLength(C2bConfirmation.MaxPayerNumberLength);
        line.Property(l => l.Kind).HasMaxLength(PulledRow.MaxKindLength);
        line.Property(l => l.Note).HasMaxLength(300);
        line.References<StatementLine, PaymentAccount>(nameof(StatementLine.PaymentAccountId));
        line.HasIndex(l => new { l.TenantId, l.PaymentAccountId, l.Receipt }).IsUnique();
        line.HasIndex(l => new { l.TenantId, l.Receipt });
        line.HasIndex(l => new { l.TenantId, l.PaymentAccountId, l.At });
    }
}
