using System.Net;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>What a provider (or somebody who says so) sent, as it came: stored before anything is made of it.</summary>
public sealed class ProviderMessage : TenantEntity
{
    /// <summary>Bytes of a body that are taken; more is refused at the door.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GreatestWait = TimeSpan.FromHours(1);

    private ProviderMessage() { }

    public Guid PaymentAccountId { get; private set; }
    public ProviderMessageKind Kind { get; private set; }

    /// <summary>
    /// The request whose secret address it came to, null when the attempt's key did not verify; or that a signed message names,
    /// once it is read.
    /// </summary>
    public Guid? PaymentRequestId { get; private set; }

    /// <summary>The order whose secret address it came to.</summary>
    public Guid? ProviderOrderId { get; private set; }

    public IPAddress? Source { get; private set; }
    public DateTimeOffset ReceivedAt { get; private set; }
    public byte[] Body { get; private set; } = null!;

    /// <summary>The receipt that it names, once it is read.</summary>
    public string? Receipt { get; private set; }

    /// <summary>Null while it waits to be read.</summary>
    public DateTimeOffset? ProcessedAt { get; private set; }

    /// <summary>When it is read again: the provider could not confirm it yet. Null where nothing keeps it waiting.</summary>
    public DateTimeOffset? ReadAgainAt { get; private set; }

    public ProviderMessageOutcome? Outcome { get; private set; }

    /// <summary>What a person should know about the outcome.</summary>
    public string? Note { get; private set; }

    /// <summary>When a person settled what was flagged; null while it waits for one.</summary>
    public DateTimeOffset? PutAwayAt { get; private set; }

    public string? PutAwayBy { get; private set; }
    public string? PutAwayReason { get; private set; }

    /// <summary>Waits for a person.</summary>
    public bool IsFlagged => PutAwayAt is null && Outcome is (ProviderMessageOutcome.Malformed or ProviderMessageOutcome.UnknownRequest
        or ProviderMessageOutcome.AmountMismatch or ProviderMessageOutcome.Contradicts or ProviderMessageOutcome.ReceiptTaken
        or ProviderMessageOutcome.Unconfirmed);

    /// <summary>How long a signed message is asked after, before a person must.</summary>
    internal static readonly TimeSpan ConfirmedWithin = TimeSpan.FromDays(3);

    public static ProviderMessage Receive(
        CallbackOwner owner, ProviderMessageKind kind, Guid? paymentRequestId, IPAddress? source, byte[] body, DateTimeOffset now) => new()
        {
            TenantId = owner.TenantId,
            Id = Guid.CreateVersion7(now),
            PaymentAccountId = owner.PaymentAccountId,
            Kind = kind,
            PaymentRequestId = paymentRequestId,
            Source = source,
            ReceivedAt = now,
            Body = body,
        };

    /// <summary>What a provider answered when it was asked, where a person must see it.</summary>
    internal static ProviderMessage Answered(
        PaymentRequest request, string? receipt, byte[] body, ProviderMessageOutcome outcome, string? note, DateTimeOffset now)
    {
        var message = Receive(new CallbackOwner(request.TenantId, request.PaymentAccountId), ProviderMessageKind.Event, request.Id, source: null, body, now);
        message.Names(receipt);
        message.Processed(outcome, note, now);
        return message;
    }

    internal void Names(string? receipt) => Receipt = receipt;

    internal void Concerns(Guid requestId) => PaymentRequestId = requestId;

    /// <summary>It is read again once it has waited as long again as it has waited: 15 seconds at least, an hour at most.</summary>
    internal void ReadAgain(DateTimeOffset now)
    {
        var waited = now - ReceivedAt;
        ReadAgainAt = now + (waited < LeastWait ? LeastWait : waited > GreatestWait ? GreatestWait : waited);
    }

    internal void Processed(ProviderMessageOutcome outcome, string? note, DateTimeOffset now)
        => (ProcessedAt, Outcome, Note) = (now, outcome, note);

    internal void PutAway(string by, string reason, DateTimeOffset now) => (PutAwayAt, PutAwayBy, PutAwayReason) = (now, by, reason);
}

public enum ProviderMessageKind
{
    /// <summary>The outcome of a prompt.</summary>
    Callback,

    /// <summary>Money that came, of a prompt or of a customer by himself.</summary>
    Confirmation,

    /// <summary>The question whether a customer's own payment may come.</summary>
    Validation,

    /// <summary>The outcome of an order.</summary>
    Result,

    /// <summary>The provider says that an order waited too long: its outcome is unknown.</summary>
    TimedOut,

    /// <summary>Signed by the provider, about whatever happens on the account; or its answer to our question.</summary>
    Event,
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

    /// <summary>It brought money that no account of a customer is named for: it waits in suspense.</summary>
    Unmatched,

    /// <summary>A payment that was asked about was let through.</summary>
    LetThrough,

    /// <summary>A payment that was asked about was refused, by the account's rule.</summary>
    TurnedAway,

    /// <summary>It said that an order was carried out.</summary>
    CarriedOut,

    /// <summary>It said that an order was not carried out.</summary>
    NotCarriedOut,

    /// <summary>It left the outcome of an order open.</summary>
    TimedOut,

    /// <summary>A provider's own, about something that we did not ask for.</summary>
    NotOurs,

    /// <summary>It says paid, and the provider does not say so when it is asked. Flagged for a person.</summary>
    Unconfirmed,
}

internal sealed class ProviderMessageConfiguration : IEntityTypeConfiguration<ProviderMessage>
{
    public void Configure(EntityTypeBuilder<ProviderMessage> message)
    {
        message.ToTable("provider_messages");
        message.Property(m => m.Note).HasMaxLength(300);
        message.Property(m => m.Kind).HasDefaultValue(ProviderMessageKind.Callback);
        message.Property(m => m.Receipt).HasMaxLength(Receipts.MaxLength);
        message.Property(m => m.PutAwayBy).HasMaxLength(120);
        message.Property(m => m.PutAwayReason).HasMaxLength(Allocation.MaxReasonLength);
        message.References<ProviderMessage, PaymentAccount>(nameof(ProviderMessage.PaymentAccountId));
        message.References<ProviderMessage, PaymentRequest>(nameof(ProviderMessage.PaymentRequestId));
        message.References<ProviderMessage, ProviderOrder>(nameof(ProviderMessage.ProviderOrderId));
        message.HasIndex(m => new { m.TenantId, m.PaymentRequestId });
        message.HasIndex(m => new { m.TenantId, m.ProviderOrderId });
        message.HasIndex(m => new { m.TenantId, m.Receipt });
        // What the reader looks for, over all tenants.
        message.HasIndex(m => m.ReceivedAt).HasFilter("processed_at is null");
    }
}
