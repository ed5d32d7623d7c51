using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Outbox;

/// <summary>A text for one person. The row is the order to send it: it is written with the deed it tells of.</summary>
public sealed class Message : TenantEntity
{
    public const int MaxFailureLength = 500;

    private Message() { }

    public MessageChannel Channel { get; private set; }
    public MessageClass Class { get; private set; }

    /// <summary>E.164 for SMS.</summary>
    public string Recipient { get; private set; } = null!;

    public string Text { get; private set; } = null!;

    /// <summary>What is sent in the place of <see cref="Text"/>, which then shows all of it but its secret; gone once it was sent or given up.</summary>
    public Secret? SecretText { get; private set; }
    public Guid? CustomerId { get; private set; }

    /// <summary>The row that it tells of (a payment, a subscription), for the timeline.</summary>
    public Guid? CauseId { get; private set; }

    public MessageState State { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Not before this; moves on with each failed try.</summary>
    public DateTimeOffset NextTryAt { get; private set; }

    /// <summary>Counted when a sender takes it, so that a try that ended in a crash counts too.</summary>
    public int Tries { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>The gateway's own id of the message.</summary>
    public string? ProviderId { get; private set; }

    /// <summary>Why it was not sent, in words for staff; the gateway's own where it gave some.</summary>
    public string? Failure { get; private set; }

    public static Message Sms(
        Guid tenantId, string phone, string text, MessageClass kind, Guid? customerId, Guid? causeId, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(phone);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new Message
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Channel = MessageChannel.Sms,
            Class = kind,
            Recipient = phone,
            Text = text,
            CustomerId = customerId,
            CauseId = causeId,
            State = MessageState.Waiting,
            CreatedAt = now,
            NextTryAt = now,
        };
    }

    /// <summary>A code: staff who read the list of messages do not read it.</summary>
    /// <param name="shown">What the list shows.</param>
    internal static Message SecretSms(Guid tenantId, string phone, string shown, Secret text, Guid? causeId, DateTimeOffset now)
    {
        var message = Sms(tenantId, phone, shown, MessageClass.OneTimePassword, customerId: null, causeId, now);
        message.SecretText = text;
        return message;
    }

    internal void Sent(string? providerId, DateTimeOffset now)
        => (State, ProviderId, SentAt, Failure, SecretText) = (MessageState.Sent, providerId, now, null, null);

    /// <summary>Waits for another try, or gives up loudly once the tries of its class are used up.</summary>
    internal void Failed(string reason, bool mayRetry, DateTimeOffset now)
    {
        Failure = reason.Length <= MaxFailureLength ? reason : reason[..MaxFailureLength];
        if (!mayRetry || Tries >= MaxTriesOf(Class))
            (State, SecretText) = (MessageState.Failed, null);
        else
            NextTryAt = now + TimeSpan.FromSeconds(10 * Math.Pow(3, Tries - 1));
    }

    /// <summary>A code for signing in is worthless after two minutes; anything else may come a quarter of an hour late.</summary>
    private static int MaxTriesOf(MessageClass kind) => kind == MessageClass.OneTimePassword ? 3 : 5;
}

public enum MessageChannel
{
    Sms,
    Email,
}

/// <summary>What the text is for; it decides the hours, and whether it may be sent again when nobody knows if it was sent.</summary>
public enum MessageClass
{
    Transactional,
    Promotional,
    OneTimePassword,
}

public enum MessageState
{
    Waiting,
    Sent,
    Delivered,
    Failed,
}

internal sealed class MessageConfiguration : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> message)
    {
        message.ToTable("messages");
        message.Property(m => m.Recipient).HasMaxLength(254);
        message.Property(m => m.Text).HasMaxLength(2000);
        message.Property(m => m.ProviderId).HasMaxLength(120);
        message.Property(m => m.Failure).HasMaxLength(Message.MaxFailureLength);
        message.HasIndex(m => new { m.TenantId, m.CustomerId });
        message.HasIndex(m => new { m.TenantId, m.CauseId });
        // What the sender looks for, over all tenants.
        message.HasIndex(m => m.NextTryAt).HasFilter("state = 'Waiting'");
    }
}
