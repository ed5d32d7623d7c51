using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Paystack;

/// <summary>What Paystack's answers and events mean. What is not known here is an unknown outcome, never a failure.</summary>
internal static partial class PaystackReading
{
    private const string PaidEvent = "charge.success";

    /// <summary>Of an amount: Paystack counts in the currency's hundredths.</summary>
    public const int LowestUnits = 100;

    public static PromptResult OfCharge(PaystackReply reply, string reference) => reply switch
    {
        PaystackReply.NotSent notSent => new PromptResult.Refused("", notSent.Reason, ProviderRefusal.Unavailable),
        PaystackReply.Lost lost => new PromptResult.OutcomeUnknown(lost.Reason),
        PaystackReply.Answered { IsGood: true, Data: { } data } answered when data.Text("reference") == reference => data.Text("status") switch
        {
            "pay_offline" or "pending" or "ongoing" or "processing" or "queued" or "success" => new PromptResult.Accepted(SubmissionId: null, reference),
            "failed" => new PromptResult.Refused("failed", PaystackReply.Answered.Scrub(data.Text("message") ?? answered.Message), ProviderRefusal.BadInput),
            // It wants something of the payer that a prompt does not give (a PIN, a page): whether he pays only Paystack knows.
            var other => new PromptResult.OutcomeUnknown($"Paystack waits for {other}"),
        },
        PaystackReply.Answered { IsRefusal: true } refused => new PromptResult.Refused(refused.Code, refused.Message, KindOf(refused.Answer.Status)),
        PaystackReply.Answered { Answer.Status: HttpStatusCode.TooManyRequests } busy => new PromptResult.Refused(busy.Code, busy.Message, ProviderRefusal.Throttled),
        _ => new PromptResult.OutcomeUnknown(reply.ToString()),
    };

    public static PromptState OfVerify(PaystackReply reply, string reference) => reply switch
    {
        PaystackReply.NotSent notSent => new PromptState.Unknown(notSent.Reason),
        PaystackReply.Lost lost => new PromptState.Unknown(lost.Reason),
        PaystackReply.Answered { IsGood: true, Data: { } data } answered => data.Text("reference") == reference
            ? Keep(StateOf(data, reference), answered)
            : new PromptState.Unknown("The answer is about another transaction"),
        // Also "no such transaction": a charge whose answer was lost may still be on its way into Paystack's books.
        _ => new PromptState.Unknown(reply.ToString()),
    };

    public static CredentialsCheck OfCheck(PaystackReply reply) => reply switch
    {
        PaystackReply.Answered { IsGood: true } => new CredentialsCheck.Works(),
        PaystackReply.Answered { IsRefusal: true, Answer.Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } refused
            => new CredentialsCheck.Refused(refused.ToString()),
        PaystackReply.Answered answered => new CredentialsCheck.NotReached(answered.ToString()),
        PaystackReply.NotSent notSent => new CredentialsCheck.NotReached(notSent.Reason),
        PaystackReply.Lost lost => new CredentialsCheck.NotReached(lost.Reason),
        _ => throw new InvalidOperationException($"No such reply: {reply.GetType().Name}."),
    };

    /// <summary>An event, or an answer that was kept for a person.</summary>
    public static ProviderWord OfMessage(ReadOnlySpan<byte> body)
    {
        if (!LooseJson.TryReadObject(body, out var root))
            return new ProviderWord.Malformed("not a JSON object");
        if (root.Value.Text("event") is { } happened && happened != PaidEvent)
            return new ProviderWord.Elsewhere($"It tells of {Printable(happened)}.");
        if (root.Value.Member("data") is not { ValueKind: JsonValueKind.Object } data || data.Text("reference") is not { Length: > 0 } reference)
            return new ProviderWord.Malformed("no data.reference");
        if (!PaystackReference.IsOurs(reference))
            return new ProviderWord.Elsewhere("It tells of a charge that was not asked for here.");

        return StateOf(data, reference) is PromptState.Paid paid
            ? new ProviderWord.Hint(reference, paid)
            : new ProviderWord.Malformed("no amount or currency that could be read, or another status than success");
    }

    /// <summary>With the answer itself, for a person to look at should it not fit.</summary>
    private static PromptState Keep(PromptState state, PaystackReply.Answered answered) => state is PromptState.Paid paid
        ? paid with { Body = Encoding.UTF8.GetBytes(answered.Answer.Body!.Value.GetRawText()) }
        : state;

    private static PromptState StateOf(JsonElement data, string reference) => data.Text("status") switch
    {
        "success" => PaidOf(data, reference) ?? (PromptState)new PromptState.Unknown("It says success without an amount and a currency"),
        ("failed" or "reversed") and var ended => new PromptState.Failed(
            ended, PaystackReply.Answered.Scrub(data.Text("gateway_response") ?? data.Text("message") ?? "")),
        // "abandoned" too: the payer has not paid yet, and nothing says that he cannot any more.
        "abandoned" or "ongoing" or "pending" or "processing" or "queued" => new PromptState.Pending(),
        var other => new PromptState.Unknown($"Status {Printable(other ?? "")} is not known"),
    };

    private static PromptState.Paid? PaidOf(JsonElement data, string reference)
        => data.Decimal("amount") is { } units and > 0 && units == decimal.Truncate(units) && data.Text("currency") is { Length: 3 } currency
            ? new PromptState.Paid(ReceiptOf(data) ?? reference, units / LowestUnits, currency, InstantOf(data.Text("paid_at")))
            : null;

    /// <summary>M-Pesa's own number of the payment, where Paystack passes it on.</summary>
    private static string? ReceiptOf(JsonElement data)
        => data.Text("receipt_number") is { } told && ReceiptShape().IsMatch(told) ? told : null;

    private static DateTimeOffset? InstantOf(string? text)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;

    private static ProviderRefusal KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ProviderRefusal.Credentials,
        HttpStatusCode.TooManyRequests => ProviderRefusal.Throttled,
        _ => ProviderRefusal.BadInput,
    };

    private static string Printable(string text) => new(text.Take(60).Select(c => c is > ' ' and <= '~' ? c : '?').ToArray());

    [GeneratedRegex("^[A-Z0-9]{8,20}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex ReceiptShape();
}
