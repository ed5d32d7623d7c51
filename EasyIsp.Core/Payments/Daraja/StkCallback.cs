using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// The outcome of a push as Daraja posts it. Unsigned: nothing here is true until it was matched with the attempt
/// whose secret address it came to.
/// </summary>
public sealed record StkCallback
{
    public const int MaxBytes = 64 * 1024;
    private const int LongestDescription = 500;

    private StkCallback(string merchantRequestId, string checkoutRequestId, string resultCode)
    {
        MerchantRequestId = merchantRequestId;
        CheckoutRequestId = checkoutRequestId;
        ResultCode = resultCode;
    }

    public string MerchantRequestId { get; }
    public string CheckoutRequestId { get; }

    /// <summary>As text: there are codes that are no numbers. See <see cref="StkResultCode"/>.</summary>
    public string ResultCode { get; }

    public string ResultDescription { get; private init; } = "";

    /// <summary>Absent when it failed, and possibly when it succeeded; the same for all that follow.</summary>
    public decimal? Amount { get; private init; }

    public string? Receipt { get; private init; }
    public DateTimeOffset? TransactedAt { get; private init; }

    /// <summary>Digits, or masked; no identity.</summary>
    public string? Phone { get; private init; }

    public bool IsPaid => ResultCode == "0";

    /// <param name="malformed">Why the body is no callback, fit for a log.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out StkCallback? callback,
        [NotNullWhen(false)] out string? malformed)
    {
        (callback, malformed) = Parse(body);
        return callback is not null;
    }

    public override string ToString() => $"result {ResultCode} of {MerchantRequestId}";

    private static (StkCallback? Callback, string? Malformed) Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBytes)
            return (null, "larger than 64 KB");
        if (!LooseJson.TryReadObject(body, out var root))
            return (null, "not a JSON object");
        if (root.Value.Member("Body")?.Member("stkCallback") is not { ValueKind: JsonValueKind.Object } envelope)
            return (null, "no Body.stkCallback");
        if (Identifier(envelope, "MerchantRequestID") is not { } merchantRequestId)
            return (null, "no usable MerchantRequestID");
        if (Identifier(envelope, "CheckoutRequestID") is not { } checkoutRequestId)
            return (null, "no usable CheckoutRequestID");
        if (Identifier(envelope, "ResultCode") is not { } resultCode)
            return (null, "no usable ResultCode");

        return WithMetadata(new StkCallback(merchantRequestId, checkoutRequestId, resultCode)
        {
            ResultDescription = Description(envelope),
        }, envelope);
    }

    private static (StkCallback?, string?) WithMetadata(StkCallback callback, JsonElement envelope)
    {
        if (envelope.Member("CallbackMetadata")?.Member("Item") is not { ValueKind: JsonValueKind.Array } items)
            return (callback, null);

        var amount = Value(items, "Amount");
        if (amount?.Decimal("Value") is null or <= 0 && amount?.Member("Value") is not null)
            return (null, "an Amount that is no amount");

        var receipt = Value(items, "MpesaReceiptNumber")?.Text("Value");
        if (receipt is not null && !Receipts.IsReceipt(receipt))
            return (null, "an MpesaReceiptNumber that is no receipt");

        return (callback with
        {
            Amount = amount?.Decimal("Value"),
            Receipt = receipt,
            TransactedAt = StkPassword.InstantOf(Value(items, "TransactionDate")?.Text("Value")),
            Phone = Value(items, "PhoneNumber")?.Text("Value") is { Length: <= DarajaId.MaxLength } phone ? phone : null,
        }, null);
    }

    /// <summary>By name, never by position: Balance comes and goes.</summary>
    private static JsonElement? Value(JsonElement items, string name)
    {
        foreach (var item in items.EnumerateArray())
        {
            if (item.Text("Name") == name)
                return item;
        }

        return null;
    }

    private static string? Identifier(JsonElement envelope, string name) => DarajaId.Of(envelope.Text(name));

    private static string Description(JsonElement envelope)
    {
        var text = new string((envelope.Text("ResultDesc") ?? "").Where(c => !char.IsControl(c)).ToArray());
        return text.Length <= LongestDescription ? text : text[..LongestDescription];
    }
}
