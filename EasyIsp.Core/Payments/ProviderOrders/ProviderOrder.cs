using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.ProviderOrders;

/// <summary>
/// One order to the provider whose outcome comes later: money given back or paid out, or a question. The row is written
/// before anything is sent, and it is sent once. Silence and a time-out are an unknown outcome, never a failure.
/// </summary>
public sealed class ProviderOrder : TenantEntity
{
    public const int MaxAnswerLength = 2000;

    private ProviderOrder() { }

    public Guid PaymentAccountId { get; private set; }
    public ProviderOrderKind Kind { get; private set; }

    /// <summary>What it was written for: a claim, a refund, the order whose outcome it asks after.</summary>
    public Guid? CauseId { get; private set; }

    /// <summary>The transaction that it is about: to be reversed, or asked after.</summary>
    public string? Receipt { get; private set; }

    /// <summary>To be reversed or paid out.</summary>
    public decimal? Amount { get; private set; }

    /// <summary>Who is paid, E.164.</summary>
    public string? Phone { get; private set; }

    public string Remarks { get; private set; } = null!;

    /// <summary>The member of staff, or the product itself.</summary>
    public string By { get; private set; } = null!;

    public ProviderOrderState State { get; private set; }
    public string? ConversationId { get; private set; }

    /// <summary>Of a payout our own, so that a repetition is refused; of the others the provider's.</summary>
    public string? OriginatorConversationId { get; private set; }

    /// <summary>As text: there are codes that are no numbers.</summary>
    public string? ResultCode { get; private set; }

    public string? ResultText { get; private set; }

    /// <summary>The receipt that carrying it out got.</summary>
    public string? ResultReceipt { get; private set; }

    /// <summary>What was asked for: the funds, or the state of the transaction.</summary>
    public string? Answer { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was sent, or tried to be.</summary>
    public DateTimeOffset? SubmittedAt { get; private set; }

    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>When it is looked after next; null when there is nothing left to ask.</summary>
    public DateTimeOffset? NextLookAt { get; private set; }

    public int Looks { get; private set; }

    /// <summary>
    /// How long the outcome of an order is waited for that cannot be asked after, before a person may say that it was not
    /// carried out.
    /// </summary>
    public static readonly TimeSpan MayStillBeTold = TimeSpan.FromHours(3);

    /// <summary>Whether it moves money; the others are questions, which may be asked again.</summary>
    public bool MovesMoney => Kind is ProviderOrderKind.Reversal or ProviderOrderKind.Payout;

    /// <summary>Its outcome never came, and nothing is left to ask: a person finds it on the provider's statement.</summary>
    public bool IsLost => State == ProviderOrderState.Unknown && NextLookAt is null;

    public bool IsSettled => State is ProviderOrderState.Done or ProviderOrderState.Failed;

    internal static ProviderOrder Write(Guid tenantId, Guid paymentAccountId, ProviderOrderDraft draft, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new ProviderOrder
        {
            TenantId = tenantId,
            Id = id,
            PaymentAccountId = paymentAccountId,
            Kind = draft.Kind,
            CauseId = draft.CauseId,
            Receipt = draft.Receipt,
            Amount = draft.Amount,
            Phone = draft.Phone,
            Remarks = draft.Remarks,
            By = draft.By,
            OriginatorConversationId = draft.Kind == ProviderOrderKind.Payout ? $"{id:N}" : draft.ConversationId,
            State = ProviderOrderState.Created,
            CreatedAt = now,
        };
    }

    internal void Accepted(OperationAck.Accepted ack, DateTimeOffset now)
    {
        KnownAs(ack.ConversationId, ack.OriginatorConversationId);
        // The outcome can be faster than the answer to the submission; what it said stands.
        if (IsUnanswered)
            (State, NextLookAt) = (ProviderOrderState.Pending, MovesMoney && !CanBeAskedAfter ? now + MayStillBeTold : LookSchedule.After(this, now));
    }

    /// <summary>It could not even be put together; tried again after <see cref="OrderSender.TriedAgainAfter"/>.</summary>
    internal void NotSent() => State = State == ProviderOrderState.Submitting ? ProviderOrderState.Created : State;

    internal void Refused(string code, string text, DateTimeOffset now)
        => (State, ResultCode, ResultText, SettledAt, NextLookAt) = (ProviderOrderState.Failed, code, text, now, null);

    /// <summary>No answer to the submission, or the provider says that it waited too long.</summary>
    internal void OutcomeUnknown(string reason, DateTimeOffset now)
    {
        if (!IsSettled)
            (State, ResultText, NextLookAt) = (ProviderOrderState.Unknown, reason, !MovesMoney ? null : CanBeAskedAfter ? now : now + MayStillBeTold);
    }

    /// <summary>The provider says that it was done before, which may have been by this very order: a person looks.</summary>
    internal void Doubted(string code, string text)
        => (State, ResultCode, ResultText, NextLookAt) = (ProviderOrderState.Unknown, code, text, null);

    /// <summary>The answer to its submission is still to come, or was thought to be lost.</summary>
    internal bool IsUnanswered => State is ProviderOrderState.Submitting or ProviderOrderState.Unknown;

    internal bool CanBeAskedAfter => OriginatorConversationId is not null;

    internal void KnownAs(string? conversationId, string? originatorConversationId)
    {
        ConversationId ??= conversationId;
        if (Kind != ProviderOrderKind.Status) // of a question about an order that column names the order
            OriginatorConversationId ??= originatorConversationId;
    }

    /// <summary>From any state but failure's contrary: what was carried out stays carried out.</summary>
    internal void Settled(string code, string text, string? receipt, string? answer, DateTimeOffset now)
    {
        State = code == "0" ? ProviderOrderState.Done : ProviderOrderState.Failed;
        (ResultCode, ResultText, ResultReceipt, Answer, SettledAt, NextLookAt) = (code, code == "0" ? null : text, receipt ?? ResultReceipt, answer, now, null);
    }

    /// <summary>Nothing came; looked after again later, or no more.</summary>
    internal void LookedAfter(DateTimeOffset now)
    {
        Looks++;
        NextLookAt = MovesMoney && !CanBeAskedAfter ? null : LookSchedule.After(this, now);
        if (NextLookAt is null)
            State = ProviderOrderState.Unknown;
    }
}

/// <summary>When an order without outcome is asked after: what moves money for two days, a question not at all.</summary>
internal static class LookSchedule
{
    private static readonly TimeSpan[] Ages =
    [
        TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1),
        TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24), TimeSpan.FromHours(48),
    ];

    public static DateTimeOffset? After(ProviderOrder order, DateTimeOffset now)
    {
        var most = order.MovesMoney ? Ages.Length : 1;
        if (order.Looks >= most)
            return null;

        var next = (order.SubmittedAt ?? order.CreatedAt) + Ages[order.Looks];
        return next > now ? next : now + TimeSpan.FromSeconds(30);
    }
}

/// <param name="ConversationId">For a question about an order: how the provider knows that.</param>
internal sealed record ProviderOrderDraft(
    ProviderOrderKind Kind,
    string Remarks,
    string By,
    Guid? CauseId = null,
    string? Receipt = null,
    decimal? Amount = null,
    string? Phone = null,
    string? ConversationId = null);

public enum ProviderOrderKind
{
    /// <summary>What became of a transaction.</summary>
    Status,

    /// <summary>A customer's payment is given back under its own receipt.</summary>
    Reversal,

    /// <summary>A person is paid (B2C).</summary>
    Payout,

    /// <summary>What lies on the organisation's accounts.</summary>
    Balance,
}

/// <summary>The life of an order. <see cref="Failed"/> and <see cref="Unknown"/> may still become <see cref="Done"/>: an outcome can be late.</summary>
public enum ProviderOrderState
{
    Created,
    Submitting,

    /// <summary>The provider took it; its outcome is to come.</summary>
    Pending,

    /// <summary>Perhaps carried out, perhaps not. Never sent again.</summary>
    Unknown,
    Done,
    Failed,
}

internal sealed class ProviderOrderConfiguration : IEntityTypeConfiguration<ProviderOrder>
{
    public void Configure(EntityTypeBuilder<ProviderOrder> order)
    {
        order.ToTable("provider_orders", table => table.HasCheckConstraint(
            "ck_provider_orders_money",
            "case kind when 'Reversal' then amount > 0 and receipt is not null when 'Payout' then amount > 0 and phone is not null else amount is null end"));
        order.HasKey(o => new { o.TenantId, o.Id }).HasName("pk_provider_orders"); // else named as a key of the table that messages refer to
        order.Property(o => o.Receipt).HasMaxLength(Receipts.MaxLength);
        order.Property(o => o.ResultReceipt).HasMaxLength(Receipts.MaxLength);
        order.Property(o => o.Phone).HasMaxLength(PhoneNumber.MaxLength);
        order.Property(o => o.Remarks).HasMaxLength(OperationOrder.LongestRemark);
        order.Property(o => o.By).HasMaxLength(120);
        order.Property(o => o.ConversationId).HasMaxLength(64);
        order.Property(o => o.OriginatorConversationId).HasMaxLength(64);
        order.Property(o => o.ResultCode).HasMaxLength(40);
        order.Property(o => o.ResultText).HasMaxLength(300);
        order.Property(o => o.Answer).HasMaxLength(ProviderOrder.MaxAnswerLength);
        order.References<ProviderOrder, PaymentAccount>(nameof(ProviderOrder.PaymentAccountId));
        order.HasIndex(o => new { o.TenantId, o.PaymentAccountId, o.Kind, o.CreatedAt });
        order.HasIndex(o => new { o.TenantId, o.CauseId });
        // What the workers look for, over all tenants.
        order.HasIndex(o => o.NextLookAt).HasFilter("next_look_at is not null");
        order.HasIndex(o => o.CreatedAt).HasFilter("state in ('Created', 'Submitting')");
    }
}
