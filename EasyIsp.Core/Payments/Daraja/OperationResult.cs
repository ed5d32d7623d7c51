using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// The outcome of an order as Daraja posts it (mpesa.md, 5). Unsigned: nothing here is true until it was matched with the
/// order whose secret address it came to.
/// </summary>
public sealed record OperationResult
{
    private const int LongestValue = 2000;

    private OperationResult(string resultCode) => ResultCode = resultCode;

    /// <summary>As text: there are codes that are no numbers. "0" is success.</summary>
    public string ResultCode { get; }

    public string ResultDescription { get; private init; } = "";
    public string? ConversationId { get; private init; }
    public string? OriginatorConversationId { get; private init; }

    /// <summary>TransactionID; null when it is none, as the dummy <c>…0000000</c> of what failed.</summary>
    public string? Receipt { get; private init; }

    /// <summary>ResultParameters by their key; of a key that comes twice the first that says something.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; private init; } = new Dictionary<string, string>();

    public bool IsSuccess => ResultCode == "0";

    public string? this[string key] => Parameters.GetValueOrDefault(key);

    /// <param name="malformed">Why the body is no outcome, fit for a log.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out OperationResult? result,
        [NotNullWhen(false)] out string? malformed)
    {
        (result, malformed) = Parse(body);
        return result is not null;
    }

    public override string ToString() => $"result {ResultCode} of {ConversationId}";

    private static (OperationResult?, string?) Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length > ProviderMessage.MaxBodyBytes)
            return (null, "larger than 64 KB");
        if (!LooseJson.TryReadObject(body, out var root))
            return (null, "not a JSON object");
        if (root.Value.Loosely("Result") is not { ValueKind: JsonValueKind.Object } envelope)
            return (null, "no Result");
        if (envelope.LooseText("ResultCode") is not { Length: > 0 and <= 40 } code || !code.All(c => c is > ' ' and <= '~'))
            return (null, "no usable ResultCode");

        return (new OperationResult(code)
        {
            ResultDescription = Clean(envelope.LooseText("ResultDesc") ?? "").Truncate(300),
            ConversationId = DarajaId.Of(envelope.LooseText("ConversationID")),
            OriginatorConversationId = DarajaId.Of(envelope.LooseText("OriginatorConversationID")),
            Receipt = ReceiptIn(envelope.LooseText("TransactionID")),
            Parameters = Read(envelope.Loosely("ResultParameters")?.Loosely("ResultParameter")),
        }, null);
    }

    /// <summary>An array, or the one parameter by itself.</summary>
    private static Dictionary<string, string> Read(JsonElement? parameters)
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        IEnumerable<JsonElement> all = parameters switch
        {
            { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
            { ValueKind: JsonValueKind.Object } one => [one],
            _ => [],
        };
        foreach (var parameter in all)
        {
            if (parameter.LooseText("Key") is { Length: > 0 and <= 100 } key && parameter.LooseText("Value") is { Length: > 0 } value)
                read.TryAdd(Clean(key), Clean(value).Truncate(LongestValue));
        }

        return read;
    }

    /// <returns>Null for what is none, and for the dummy of what failed.</returns>
    internal static string? ReceiptIn(string? text)
        => text is not null && Receipts.IsReceipt(text) && !text.EndsWith("0000000", StringComparison.Ordinal) ? text : null;

    private static string Clean(string text) => new(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).ToArray());
}

/// <summary>What the provider says of one transaction (mpesa.md, 8).</summary>
/// <param name="Outcome">Null when it says nothing that we know.</param>
/// <param name="Receipt">Null when it names none that could be one.</param>
/// <param name="Amount">Of the transaction.</param>
public sealed record TransactionReport(
    TransactionOutcome? Outcome, string? Receipt, decimal? Amount, DateTimeOffset? FinalisedAt, TransactionParty? Payer, TransactionParty? Receiver)
{
    public static TransactionReport Of(OperationResult result) => new(
        Enum.TryParse<TransactionOutcome>(result["TransactionStatus"], ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
        OperationResult.ReceiptIn(result["ReceiptNo"]?.Trim().ToUpperInvariant()),
        decimal.TryParse(result["Amount"], NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var amount) ? amount : null,
        StkPassword.InstantOf(result["FinalisedTime"] ?? result["InitiatedTime"]),
        TransactionParty.Of(result["DebitPartyName"]),
        TransactionParty.Of(result["CreditPartyName"]));
}

/// <summary>One side of a transaction: <c>254712345678 - JANE WANJIKU</c>, <c>600111 - DEMO ISP</c>.</summary>
/// <param name="Number">Null where none is told.</param>
public sealed record TransactionParty(string? Number, string? Name)
{
    internal static TransactionParty? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return text.Split(" - ", 2, StringSplitOptions.TrimEntries) is [var number, var name]
            ? new TransactionParty(number, name.Length == 0 ? null : name)
            : text.Trim() is var alone && alone.All(char.IsAsciiDigit) ? new TransactionParty(alone, null) : new TransactionParty(null, alone);
    }
}

/// <summary>Named as Daraja spells them.</summary>
public enum TransactionOutcome
{
    Completed,
    Cancelled,
    Declined,
    Expired,
    Authorized,
    Initiated,
}

/// <summary>One of an organisation's accounts at M-Pesa (mpesa.md, 9).</summary>
/// <param name="Current">Its balance; the charges' is negative.</param>
public sealed record FundsAccount(string Name, string Currency, decimal Current, decimal Available, decimal Reserved, decimal Uncleared)
{
    /// <param name="text"><c>Name|KES|current|available|reserved|uncleared</c>, several joined with <c>&amp;</c>.</param>
    /// <returns>Those that can be read.</returns>
    public static IReadOnlyList<FundsAccount> ListOf(string? text) =>
        [.. (text ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries).Select(One).OfType<FundsAccount>()];

    private static FundsAccount? One(string record)
    {
        var parts = record.Split('|', StringSplitOptions.TrimEntries);
        return parts.Length >= 3 && parts[0].Length > 0 && Figure(parts, 2) is { } current
            ? new FundsAccount(parts[0], parts[1], current, Figure(parts, 3) ?? current, Figure(parts, 4) ?? 0, Figure(parts, 5) ?? 0)
            : null;
    }

    private static decimal? Figure(string[] parts, int at)
        => at < parts.Length && decimal.TryParse(parts[at], NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var figure)
            ? figure
            : null;
}
