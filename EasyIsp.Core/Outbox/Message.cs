using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Outbox;

/// <summary>A text for one person. The row is the order to send it: it is written with the deed it tells of.</summary>
public sealed class Message : TenantEntity
{
    private Message() { }

    public MessageChannel Channel { get; private set; }
    public MessageClass Class { get; private set; }

    /// <summary>E.164 for SMS.</summary>
    public string Recipient { get; private set; } = null!;

    public string Text { get; private set; } = null!;
    public Guid? CustomerId { get; private set; }

    /// <summary>The row that it tells of (a payment, a subscription), for the timeline.</summary>
    public Guid? CauseId { get; private set; }

    public MessageState State { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Not before this; moves on with each failed try.</summary>
    public DateTimeOffset NextTryAt { get; private set; }

    public int Tries { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>The gateway's own id of the message.</summary>
    public string? ProviderId { get; private set; }

    /// <summary>The last refusal in the gateway's words.</summary>
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

    internal void Sent(string? providerId, DateTimeOffset now)
    {
        Tries++;
        (State, ProviderId, SentAt, Failure) = (MessageState.Sent, providerId, now, null);
    }

    /// <summary>Waits for another try, or gives up loudly after <paramref name="maxTries"/>.</summary>
    internal void Failed(string reason, bool mayRetry, int maxTries, DateTimeOffset now)
    {
        Tries++;
        Failure = reason;
        if (!mayRetry || Tries >= maxTries)
            State = MessageState.Failed;
        else
            NextTryAt = now + TimeSpan.FromSeconds(10 * Math.Pow(3, Tries - 1));
    }
}

public enum MessageChannel
{
    Sms,
    Email,
}

/// <summary>What the text is for; it decides the sender id, the hours and whether it may fail over after a time-out.</summary>
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
        message.Property(m => m.Failure).HasMaxLength(500);
        message.HasIndex(m => new { m.TenantId, m.CustomerId });
        message.HasIndex(m => new { m.TenantId, m.CauseId });
        // What the sender looks for, over all tenants.
        message.HasIndex(m => m.NextTryAt).HasFilter("state = 'Waiting'");
    }
}
