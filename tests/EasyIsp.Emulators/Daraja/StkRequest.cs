using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EasyIsp.Emulators.Daraja;

/// <summary>A push request whose every field passed section 3.1 [D].</summary>
public sealed record StkRequest(
    string ShortCode,
    string Password,
    string Timestamp,
    string TransactionType,
    int Amount,
    string Msisdn,
    string PartyB,
    Uri CallbackUrl,
    string AccountReference,
    string Description)
{
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    internal static (StkRequest? Request, DarajaError? Error) Read(
        JsonElement body, DarajaEmulatorOptions options, DateTimeOffset now)
    {
        if (HeaderError(body, options, now) is { } headerError)
            return (null, headerError);
        if (StringOf(body, "TransactionType") is not ("CustomerPayBillOnline" or "CustomerBuyGoodsOnline"))
            return (null, DarajaError.Invalid("TransactionType"));
        if (!int.TryParse(TextOf(body, "Amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            || amount is < 1 or > 250_000)
            return (null, DarajaError.Invalid("Amount"));
        if (!IsMsisdn(TextOf(body, "PartyA")))
            return (null, DarajaError.Invalid("PartyA"));
        if (TextOf(body, "PartyB") is not { Length: >= 5 and <= 7 } partyB || !partyB.All(char.IsAsciiDigit))
            return (null, DarajaError.Invalid("PartyB"));
        if (!IsMsisdn(TextOf(body, "PhoneNumber")))
            return (null, DarajaError.Invalid("PhoneNumber"));
        if (CallbackUrlRules.Read(StringOf(body, "CallBackURL"), options) is not { } callback)
            return (null, DarajaError.Invalid("CallBackURL"));
        if (StringOf(body, "AccountReference") is not { Length: >= 1 and <= 12 } reference
            || !reference.All(char.IsAsciiLetterOrDigit))
            return (null, DarajaError.Invalid("AccountReference"));
        var description = body.TryGetProperty("TransactionDesc", out _) ? StringOf(body, "TransactionDesc") : "";
        if (description is not { Length: <= 13 })
            return (null, DarajaError.Invalid("TransactionDesc"));

        return (new StkRequest(
            TextOf(body, "BusinessShortCode")!, StringOf(body, "Password")!, StringOf(body, "Timestamp")!,
            StringOf(body, "TransactionType")!, amount, TextOf(body, "PhoneNumber")!, partyB, callback, reference,
            description), null);
    }

    /// <summary>The three fields that push and query share.</summary>
    internal static DarajaError? HeaderError(JsonElement body, DarajaEmulatorOptions options, DateTimeOffset now)
    {
        if (TextOf(body, "BusinessShortCode") is not { Length: >= 5 and <= 7 } shortCode || !shortCode.All(char.IsAsciiDigit))
            return DarajaError.Invalid("BusinessShortCode");
        if (StringOf(body, "Password") is not { Length: > 0 })
            return DarajaError.Invalid("Password");
        return TimestampIsNear(StringOf(body, "Timestamp"), options, now) ? null : DarajaError.Invalid("Timestamp");
    }

    /// <summary>Base64 of short code, passkey and the very timestamp that stands beside it.</summary>
    internal static bool PasswordFits(JsonElement body, DarajaMerchant merchant)
        => StringOf(body, "Password") == Convert.ToBase64String(
            Encoding.UTF8.GetBytes(merchant.ShortCode + merchant.Passkey + StringOf(body, "Timestamp")));

    /// <summary>Section 3.1: numbers are accepted as strings and the other way round [R].</summary>
    internal static string? TextOf(JsonElement body, string name)
        => body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number
            ? value.GetRawText()
            : StringOf(body, name);

    internal static string? StringOf(JsonElement body, string name)
        => body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool TimestampIsNear(string? timestamp, DarajaEmulatorOptions options, DateTimeOffset now)
        => DateTime.TryParseExact(
                timestamp, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && (now - new DateTimeOffset(local, EastAfrica)).Duration() <= options.TimestampTolerance;

    private static bool IsMsisdn(string? text)
        => text is { Length: 12 } && text.All(char.IsAsciiDigit)
            && (text.StartsWith("2547", StringComparison.Ordinal) || text.StartsWith("2541", StringComparison.Ordinal));
}
