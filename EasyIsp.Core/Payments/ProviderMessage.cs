using System.Net;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>What a provider (or somebody who says so) sent, as it came: stored before anything is made of it.</summary>
public sealed class ProviderMessage : TenantEntity
{
    /// <summary>Bytes of a body that are taken; more is refused at the door.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private ProviderMessage() { }

    public Guid PaymentAccountId { get; private set; }

    /// <summary>The request whose secret address it came to; null when the attempt's key did not verify.</summary>
    public Guid? PaymentRequestId { get; private set; }

    public IPAddress? Source { get; private set; }
    public DateTimeOffset ReceivedAt { get; private set; }
    public byte[] Body { get; private set; } = null!;

    /// <summary>Null while it waits to be read.</summary>
    public DateTimeOffset? ProcessedAt { get; private set; }

    public ProviderMessageOutcome? Outcome { get; private set; }

    /// <summary>What a person should know about the outcome.</summary>
    public string? Note { get; private set; }

    public static ProviderMessage Receive(
        Guid tenantId, Guid paymentAccountId, Guid? paymentRequestId, IPAddress? source, byte[] body, DateTimeOffset now) => new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            PaymentAccountId = paymentAccountId,
            PaymentRequestId = paymentRequestId,
            Source = source,
            ReceivedAt = now,
            Body = body,
        };

    internal void Processed(ProviderMessageOutcome outcome, string? note, DateTimeOffset now)
        => (ProcessedAt, Outcome, Note) = (now, outcome, note);
}

public enum ProviderMessageOutcome
{
    /// <summary>It brought money into the books.</summary>
    Settled,

    /// <summary>It said what was known already.</summary>
    Repeated,

    /// <summary>It said that the payer did not pay.</summary>
    NotPaid,

    /// <summary>It could not be read.</summary>
    Malformed,

    /// <summary>It names no request of ours, or another than its address does. Flagged for a person.</summary>
    UnknownRequest,

    /// <summary>Its amount is not the one asked for. Flagged for a person.</summary>
    AmountMismatch,

    /// <summary>It says that a booked payment was not paid. Flagged for a person.</summary>
    Contradicts,

    /// <summary>Its receipt is booked for another payment. Flagged for a person.</summary>
    ReceiptTaken,
}

internal sealed class ProviderMessageConfiguration : IEntityTypeConfiguration<ProviderMessage>
{
    public void Configure(EntityTypeBuilder<ProviderMessage> message)
    {
        message.ToTable("provider_messages");
        message.Property(m => m.Note).HasMaxLength(300);
        message.References<ProviderMessage, PaymentAccount>(nameof(ProviderMessage.PaymentAccountId));
        message.References<ProviderMessage, PaymentRequest>(nameof(ProviderMessage.PaymentRequestId));
        message.HasIndex(m => new { m.TenantId, m.PaymentRequestId });
        // What the reader looks for, over all tenants.
        message.HasIndex(m => m.ReceivedAt).HasFilter("processed_at is null");
    }
}
