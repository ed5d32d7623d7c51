using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// An SMS about money, as a phone passed it on or somebody pasted it: stored as it came before anything is made of it, and
/// once, however often it is delivered.
/// </summary>
public sealed class MoneySms : TenantEntity
{
    /// <summary>Bytes of a request's body that are taken.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    /// <summary>After which a hint that the provider has not confirmed is shown as such.</summary>
    public static readonly TimeSpan ConfirmedWithin = TimeSpan.FromHours(1);

    /// <summary>How old a message may be to book by itself: an app that is new on a phone may pass on a year.</summary>
    public static readonly TimeSpan BooksWithin = TimeSpan.FromDays(3);

    /// <summary>How long what was sent stays; what was understood of it stays longer.</summary>
    public static readonly TimeSpan BodyKeptFor = TimeSpan.FromDays(90);

    private MoneySms() { }

    public MoneySmsSource Source { get; private set; }

    /// <summary>Null for what was pasted.</summary>
    public Guid? PhoneId { get; private set; }

    /// <summary>Whose money it tells of, as far as is known.</summary>
    public Guid? PaymentAccountId { get; private set; }

    /// <summary>Who pasted it.</summary>
    public string? PastedBy { get; private set; }

    /// <summary>As <see cref="SmsText.Sender"/> leaves it; empty when nobody is named.</summary>
    public string Sender { get; private set; } = "";

    /// <summary>What was sent, to the byte; null once it is forgotten.</summary>
    public byte[]? Body { get; private set; }

    /// <summary>The SMS as templates see it; null while it is not read, when the body could not be read, and once it is forgotten.</summary>
    public string? Text { get; private set; }

    /// <summary>Of the collapsed text, or of the body that could not be read.</summary>
    public byte[] Digest { get; private set; } = null!;

    public IPAddress? CameFrom { get; private set; }
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>How often it was delivered.</summary>
    public int Deliveries { get; private set; }

    /// <summary>Null while it waits to be read.</summary>
    public DateTimeOffset? ProcessedAt { get; private set; }

    public MoneySmsOutcome? Outcome { get; private set; }

    /// <summary>What a person should know about the outcome.</summary>
    public string? Note { get; private set; }

    public MoneySmsKind? Kind { get; private set; }
    public Guid? TemplateId { get; private set; }
    public string? Receipt { get; private set; }
    public decimal? Amount { get; private set; }
    public string? PayerName { get; private set; }
    public string? PayerNumber { get; private set; }
    public string? TypedAccount { get; private set; }
    public DateTimeOffset? SaidAt { get; private set; }
    public string? OriginalReceipt { get; private set; }

    /// <summary>When it made a payment by itself or by a person's order.</summary>
    public DateTimeOffset? BookedAt { get; private set; }

    /// <summary>When the provider's own word about its receipt was there.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    public DateTimeOffset? PutAwayAt { get; private set; }
    public string? PutAwayBy { get; private set; }
    public string? PutAwayReason { get; private set; }

    internal static MoneySms Receive(Guid tenantId, Delivered delivered, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        Source = delivered.Source,
        PhoneId = delivered.PhoneId,
        PaymentAccountId = delivered.PaymentAccountId,
        PastedBy = delivered.PastedBy,
        Sender = delivered.Envelope.Sender,
        Body = delivered.Body,
        Text = delivered.Envelope.Text,
        Digest = delivered.Digest,
        CameFrom = delivered.CameFrom,
        ReceivedAt = now,
        Deliveries = 1,
    };

    /// <summary>It came again. Where it is better proved now, it is read again as such; that somebody pastes it proves nothing.</summary>
    internal void Again(Delivered delivered)
    {
        if (delivered.Source == MoneySmsSource.Pasted)
            return;

        Deliveries++;
        if (delivered.Source >= Source)
            return;

        (Source, PhoneId, PaymentAccountId, Sender) = (delivered.Source, delivered.PhoneId, delivered.PaymentAccountId, delivered.Envelope.Sender);
        (Body, CameFrom) = (delivered.Body, delivered.CameFrom);
        if (BookedAt is null && PutAwayAt is null)
            ReadAgain();
    }

    internal void Understood(SmsFacts facts)
    {
        (Kind, TemplateId, Receipt, Amount) = (facts.Kind, facts.TemplateId, facts.Receipt, facts.Amount);
        (PayerName, PayerNumber, TypedAccount) = (facts.PayerName, facts.PayerNumber, facts.Account);
        (SaidAt, OriginalReceipt) = (facts.SaidAt, facts.OriginalReceipt);
    }

    internal void Processed(MoneySmsOutcome outcome, string? note, DateTimeOffset now) => (ProcessedAt, Outcome, Note) = (now, outcome, note);

    internal void Booked(DateTimeOffset now) => BookedAt ??= now;

    internal void Confirmed(DateTimeOffset now) => ConfirmedAt ??= now;

    internal void ReadAgain() => (ProcessedAt, Outcome, Note) = (null, null, null);

    internal void PutAway(string by, string reason, DateTimeOffset now) => (PutAwayAt, PutAwayBy, PutAwayReason) = (now, by, reason);
}

/// <summary>How far it is proved that a phone of the tenant got it. The first proves most.</summary>
public enum MoneySmsSource
{
    /// <summary>Signed with the phone's own key.</summary>
    SignedByPhone,

    /// <summary>Sent to the phone's secret address, and that is all that is known.</summary>
    SecretAddress,

    /// <summary>Pasted by a member of staff, who may have it from anybody.</summary>
    Pasted,
}

public enum MoneySmsOutcome
{
    /// <summary>Waits for the provider's own word, or has it.</summary>
    Hint,

    /// <summary>Would be booked, but may be a prompt's that is still under way: read again until that is settled.</summary>
    Held,

    /// <summary>It made a payment, or settled a request.</summary>
    Booked,

    /// <summary>The books have another amount for its receipt. For a person.</summary>
    Differs,

    /// <summary>Its receipt is booked for something else than what it names. For a person.</summary>
    ReceiptTaken,

    /// <summary>It says that a payment was undone. For a person.</summary>
    Reversal,

    /// <summary>A payer's copy: for looking up.</summary>
    LookUp,

    /// <summary>Tells of no payment.</summary>
    Nothing,

    /// <summary>No template has its words. For a person.</summary>
    NotRecognised,

    /// <summary>The request was no SMS. For a person.</summary>
    Malformed,
}

internal sealed class MoneySmsConfiguration : IEntityTypeConfiguration<MoneySms>
{
    public const string OnceOnly = "ix_money_sms_once";

    public void Configure(EntityTypeBuilder<MoneySms> sms)
    {
        sms.ToTable("money_sms");
        sms.Property(s => s.PastedBy).HasMaxLength(StaffUser.MaxDisplayNameLength);
        sms.Property(s => s.Sender).HasMaxLength(SmsText.MaxSenderLength);
        sms.Property(s => s.Text).HasMaxLength(SmsText.MaxLength);
        sms.Property(s => s.Note).HasMaxLength(300);
        sms.Property(s => s.Receipt).HasMaxLength(Receipts.MaxLength);
        sms.Property(s => s.OriginalReceipt).HasMaxLength(Receipts.MaxLength);
        sms.Property(s => s.PayerName).HasMaxLength(SmsReader.MaxNameLength);
        sms.Property(s => s.PayerNumber).HasMaxLength(SmsReader.MaxNumberLength);
        sms.Property(s => s.TypedAccount).HasMaxLength(SmsReader.MaxAccountLength);
        sms.Property(s => s.PutAwayBy).HasMaxLength(120);
        sms.Property(s => s.PutAwayReason).HasMaxLength(Allocation.MaxReasonLength);
        sms.References<MoneySms, ForwardingPhone>(nameof(MoneySms.PhoneId));
        sms.References<MoneySms, PaymentAccount>(nameof(MoneySms.PaymentAccountId));
        // One SMS is one message, however often it is delivered.
        sms.HasIndex(s => new { s.TenantId, s.Digest, s.Sender }).IsUnique().HasDatabaseName(OnceOnly);
        sms.HasIndex(s => new { s.TenantId, s.ReceivedAt });
        sms.HasIndex(s => new { s.TenantId, s.Receipt });
        sms.HasIndex(s => new { s.TenantId, s.OriginalReceipt }).HasFilter("original_receipt is not null");
        sms.HasIndex(s => new { s.TenantId, s.Outcome, s.ReceivedAt }).HasFilter("put_away_at is null");
        // What the reader, the joining job and the forgetting job look for, over all tenants.
        sms.HasIndex(s => s.ReceivedAt, "ix_money_sms_unread").HasDatabaseName("ix_money_sms_unread").HasFilter("processed_at is null");
        sms.HasIndex(s => s.ReceivedAt, "ix_money_sms_unconfirmed").HasDatabaseName("ix_money_sms_unconfirmed")
            .HasFilter("confirmed_at is null and outcome in ('Hint', 'Held', 'Booked')");
        sms.HasIndex(s => s.ReceivedAt, "ix_money_sms_kept").HasDatabaseName("ix_money_sms_kept").HasFilter("body is not null");
    }
}
