using System.Globalization;

namespace EasyIsp.Emulators.Sms;

/// <summary>What arrived on the phones, and what the operators would report of it. Phones keep so many messages.</summary>
public sealed class SmsInbox(TimeProvider clock)
{
    private const int Kept = 20_000;

    private readonly Lock _gate = new();
    private readonly List<SmsInboxMessage> _messages = [];
    private int _lastId = 8_290_000;

    public IReadOnlyList<SmsInboxMessage> Messages
    {
        get
        {
            lock (_gate)
                return [.. _messages];
        }
    }

    internal SmsInboxMessage Add(string mobile, string sender, string text)
    {
        lock (_gate)
        {
            var message = new SmsInboxMessage(
                (++_lastId).ToString(CultureInfo.InvariantCulture), mobile, sender, text, clock.GetUtcNow());
            _messages.Add(message);
            if (_messages.Count > Kept)
                _messages.RemoveRange(0, Kept / 10);
            return message;
        }
    }

    internal SmsInboxMessage? Find(string? messageId) => Messages.FirstOrDefault(message => message.MessageId == messageId);

    /// <summary>Section 1.2's delivery states, by the triggers of section 11.</summary>
    /// <returns>Null while there is no report.</returns>
    internal string? ReportOf(SmsInboxMessage message)
    {
        if (clock.GetUtcNow() - message.ReceivedAt < TimeSpan.FromSeconds(3))
            return null;

        return message.Mobile[^3..] switch
        {
            "006" => "DeliveryImpossible",
            "007" => "SenderName Blacklisted",
            _ => "DeliveredToTerminal",
        };
    }
}

public sealed record SmsInboxMessage(string MessageId, string Mobile, string Sender, string Text, DateTimeOffset ReceivedAt);
