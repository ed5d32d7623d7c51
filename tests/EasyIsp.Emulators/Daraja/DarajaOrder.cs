using System.Globalization;
using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Daraja;

/// <summary>One order of an initiator that was taken for processing (section 5), and what became of it.</summary>
public sealed class DarajaOrder
{
    public required DarajaOrderKind Kind { get; init; }
    public required DarajaMerchant Merchant { get; init; }
    public required string ConversationId { get; init; }
    public required string OriginatorConversationId { get; init; }
    public required Uri ResultUrl { get; init; }
    public required Uri TimeOutUrl { get; init; }
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Of a reversal and of a question: the transaction that it is about.</summary>
    public string? Receipt { get; init; }

    /// <summary>Of a question: an order, by either of its numbers.</summary>
    public string? AboutConversation { get; init; }

    public string? Msisdn { get; init; }
    public decimal Amount { get; init; }

    /// <summary>Refused when it is carried out: 2001, 21.</summary>
    internal string? Doom { get; init; }

    /// <summary>Null while it is under way.</summary>
    public string? ResultCode { get; internal set; }

    /// <summary>The receipt that it got; null when nothing moved.</summary>
    public string? NewReceipt { get; internal set; }

    public DateTimeOffset? SettledAt { get; internal set; }

    /// <summary>ResultParameters, in their order.</summary>
    internal List<(string Key, JsonNode? Value)> Parameters { get; } = [];

    internal string LocalTime => (SettledAt ?? TakenAt).ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}

public enum DarajaOrderKind
{
    Payout,
    Reversal,
    Status,
    Balance,
}
