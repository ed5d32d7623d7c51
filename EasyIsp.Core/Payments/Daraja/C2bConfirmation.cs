using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// What Daraja posts of money that a customer sends by himself, before (validation) and after it moved (confirmation); one
/// shape for both (mpesa.md, 4.2). STK payments at a registered short code are confirmed so too (4.3). Unsigned.
/// </summary>
public sealed record C2bConfirmation
{
    public const int MaxAccountLength = 40;
    public const int MaxPayerNumberLength = 64;
    public const int MaxPayerNameLength = 120;

    private const decimal GreatestAmount = 10_000_000;

    /// <summary>TransID: equals the receipt of an STK callback about the same money.</summary>
    public required string Receipt { get; init; }

    public required decimal Amount { get; init; }

    /// <summary>The Paybill, the till or its store number.</summary>
    public required string ShortCode { get; init; }

    /// <summary>BillRefNumber, as the payer typed it; null for tills.</summary>
    public string? Account { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>In full, masked or hashed (4.4).</summary>
    public string? PayerNumber { get; init; }

    public string? PayerName { get; init; }

    /// <param name="malformed">Why the body is no confirmation, fit for a log.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out C2bConfirmation? confirmation,
        [NotNullWhen(false)] out string? malformed)
    {
        (confirmation, malformed) = Parse(body);
        return confirmation is not null;
    }

    public override string ToString() => $"{Amount.ToString(CultureInfo.InvariantCulture)} to {ShortCode} as {Receipt}";

    private static (C2bConfirmation? Confirmation, string? Malformed) Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length > ProviderMessage.MaxBodyBytes)
            return (null, "larger than 64 KB");
        if (!LooseJson.TryReadObject(body, out var root))
            return (null, "not a JSON object");

        var message = root.Value;
        if (message.Text("TransID")?.Trim().ToUpperInvariant() is not { } receipt || !Receipts.IsReceipt(receipt))
            return (null, "a TransID that is no receipt");
        if (message.Decimal("TransAmount") is not (> 0 and <= GreatestAmount and { Scale: <= 2 } amount))
            return (null, "a TransAmount that is no amount");
        if (message.Text("BusinessShortCode")?.Trim() is not { Length: > 0 and <= 12 } shortCode || !shortCode.All(char.IsAsciiDigit))
            return (null, "a BusinessShortCode that is none");

        return (new C2bConfirmation
        {
            Receipt = receipt,
            Amount = amount,
            ShortCode = shortCode,
            Account = Words(message.Text("BillRefNumber"), MaxAccountLength),
            PaidAt = StkPassword.InstantOf(message.Text("TransTime")),
            PayerNumber = Words(message.Text("MSISDN"), MaxPayerNumberLength),
            PayerName = Words(
                $"{message.Text("FirstName")} {message.Text("MiddleName")} {message.Text("LastName")}", MaxPayerNameLength),
        }, null);
    }

    /// <returns>Without control characters and doubled spaces; null when nothing is left.</returns>
    private static string? Words(string? text, int length)
    {
        var letters = new string((text ?? "").Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c).ToArray());
        var words = string.Join(' ', letters.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return words.Length == 0 ? null : words.Truncate(length);
    }
}
