using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using QRCoder;

namespace EasyIsp.Emulators.Daraja;

/// <summary>Section 10: pull transactions; section 12: dynamic QR.</summary>
internal static class PullEndpoints
{
    private const string RegisterPath = "/pulltransactions/v1/register";
    private const string QueryPath = "/pulltransactions/v1/query";
    private const string QrPath = "/mpesa/qrcode/v1/generate";
    private const int PageSize = 100;

    private const int PixelsOfModule = 8;

    public static bool Has(string path) => path is RegisterPath or QueryPath or QrPath;

    public static void MapPulls(this IEndpointRouteBuilder daraja)
    {
        daraja.MapPost(RegisterPath, RegisterAsync);
        daraja.MapMethods(QueryPath, ["GET", "POST"], QueryAsync);
        daraja.MapPost(QrPath, QrAsync);
    }

    private static async Task<IResult> RegisterAsync(HttpContext http, DarajaEmulator emulator)
    {
        var (body, merchant, error) = await ReadAsync(http, emulator);
        if (error is not null)
            return DarajaReplies.Error(error);
        if (StkRequest.StringOf(body, "RequestType") != "Pull")
            return DarajaReplies.Error(DarajaError.Invalid("RequestType"));
        if (StkRequest.TextOf(body, "NominatedNumber") is not { Length: 12 })
            return DarajaReplies.Error(DarajaError.Invalid("NominatedNumber"));
        if (CallbackUrlRules.Read(StkRequest.StringOf(body, "CallBackURL"), emulator.Options) is null)
            return DarajaReplies.Error(DarajaError.Invalid("CallBackURL"));

        var isRepeated = merchant!.Pulls;
        merchant.Pulls = true;
        var space = emulator.Options.SpacedPullKeys ? " " : "";
        return DarajaReplies.Json(200, new()
        {
            ["ResponseRefID"] = "9c1d-0001",
            [$"Response{space}Status"] = isRepeated ? "1001" : "1000",
            ["ShortCode"] = merchant.ShortCode,
            [$"Response{space}Description"] = isRepeated ? "Shortcode already Registered" : "Shortcode Registered Successfully",
        });
    }

    private static async Task<IResult> QueryAsync(HttpContext http, DarajaEmulator emulator, TimeProvider clock)
    {
        if (http.Request.Method != (emulator.Options.PullByGet ? "GET" : "POST"))
            return DarajaReplies.Error(DarajaError.WrongVerb(http.Request.Method));
        if (await DarajaReplies.FaultAsync(http, emulator.Options.PullFault, clock) is { } fault)
            return fault;
        var (body, merchant, error) = await ReadAsync(http, emulator);
        if (error is not null)
            return DarajaReplies.Error(error);
        if (!merchant!.Pulls)
            return DarajaReplies.Json(200, new() { ["ResponseRefID"] = "9c1d", ["ResponseCode"] = "400.001", ["ResponseMessage"] = "Invalid short code" });
        if (TimeOf(body, "StartDate") is not { } from || from < clock.GetUtcNow().AddHours(-48).AddMinutes(-5))
            return DarajaReplies.Error(DarajaError.Invalid("StartDate"));
        if (TimeOf(body, "EndDate") is not { } to)
            return DarajaReplies.Error(DarajaError.Invalid("EndDate"));
        if (!int.TryParse(StkRequest.TextOf(body, "OffSetValue"), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return DarajaReplies.Error(DarajaError.Invalid("OffSetValue"));

        var rows = emulator.Statement.Lines
            .Where(line => line.ShortCode == merchant.ShortCode && line.SettledAt >= from && line.SettledAt <= to)
            .OrderBy(line => line.SettledAt).ThenBy(line => line.Receipt, StringComparer.Ordinal)
            .Skip(offset).Take(PageSize)
            .Select(line => (JsonNode)RowOf(line, merchant, emulator.Options))
            .ToArray();
        return DarajaReplies.Json(200, new()
        {
            ["ResponseRefID"] = "9c1d-0002",
            ["ResponseCode"] = rows.Length > 0 ? "1000" : "1001",
            ["ResponseMessage"] = rows.Length > 0 ? "Success" : "No records",
            ["Response"] = new JsonArray(new JsonArray(rows)),
        });
    }

    private static JsonObject RowOf(DarajaStatementLine line, DarajaMerchant merchant, DarajaEmulatorOptions options) => new()
    {
        ["transactionId"] = line.Receipt,
        ["trxDate"] = line.SettledAt.ToOffset(options.PullTimesAreUtc ? TimeSpan.Zero : TimeSpan.FromHours(3)).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + "Z",
        ["msisdn"] = line.Msisdn,
        ["sender"] = "MPESA",
        ["transactiontype"] = merchant.Till is null ? "c2b-pay-bill-debit" : "c2b-buy-goods-debit",
        ["billreference"] = merchant.Till is null ? line.AccountReference : "",
        ["amount"] = line.Receipt == options.PullOddReceipt ? "fifty" : line.Amount.ToString("0.00", CultureInfo.InvariantCulture),
        ["organizationname"] = "DEMO ISP",
    };

    private static async Task<IResult> QrAsync(HttpContext http, DarajaEmulator emulator)
    {
        if (DarajaEndpoints.TokenError(http.Request, emulator, out _) is { } tokenError)
            return DarajaReplies.Error(tokenError);
        if (await DarajaEndpoints.ReadAsync(http.Request) is not { } body)
            return DarajaReplies.Error(DarajaError.MalformedPayload);
        foreach (var field in new[] { "MerchantName", "RefNo", "Amount", "CPI", "Size" })
        {
            if (StkRequest.TextOf(body, field) is not { Length: > 0 })
                return DarajaReplies.Error(DarajaError.Invalid(field));
        }

        // Which answer a receiver gets that is not the app's is not documented [I].
        if (!emulator.Options.Merchants.Any(m => Receives(m, StkRequest.StringOf(body, "TrxCode"), StkRequest.TextOf(body, "CPI"))))
            return DarajaReplies.Error(DarajaError.Invalid("CPI"));

        return StkRequest.StringOf(body, "TrxCode") is not ("PB" or "BG" or "SM" or "WA" or "SB")
            ? DarajaReplies.Error(DarajaError.Invalid("TrxCode"))
            : DarajaReplies.Json(200, new()
            {
                ["ResponseCode"] = "AG_20260102_000", ["RequestID"] = "1c5b", ["ResponseDescription"] = "QR Code Successfully Generated.", ["QRCode"] = PictureOf(body),
            });
    }

    /// <summary>A PNG; what the real one encodes is not documented [I].</summary>
    private static string PictureOf(JsonElement body)
    {
        var text = $"{StkRequest.TextOf(body, "TrxCode")}|{StkRequest.TextOf(body, "CPI")}|{StkRequest.TextOf(body, "RefNo")}|{StkRequest.TextOf(body, "Amount")}";
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(code);
        return Convert.ToBase64String(picture.GetGraphic(PixelsOfModule));
    }

    /// <summary>Section 12: a Paybill by its short code, a till by its own number; anything else is none of ours to check.</summary>
    private static bool Receives(DarajaMerchant merchant, string? code, string? receiver) => code switch
    {
        "PB" => merchant.Till is null && receiver == merchant.ShortCode,
        "BG" => merchant.Till is not null && receiver == merchant.Till,
        _ => true,
    };

    private static async Task<(JsonElement Body, DarajaMerchant? Merchant, DarajaError? Error)> ReadAsync(HttpContext http, DarajaEmulator emulator)
    {
        if (DarajaEndpoints.TokenError(http.Request, emulator, out var consumerKey) is { } tokenError)
            return (default, null, tokenError);
        if (await DarajaEndpoints.ReadAsync(http.Request) is not { } body)
            return (default, null, DarajaError.MalformedPayload);

        var merchant = emulator.Options.Merchants.FirstOrDefault(m => m.ShortCode == StkRequest.TextOf(body, "ShortCode")
            && (!emulator.Options.TokenOpensOnlyItsShortCodes || m.ConsumerKey == consumerKey));
        return merchant is null ? (default, null, DarajaError.Invalid("ShortCode")) : (body, merchant, null);
    }

    private static DateTimeOffset? TimeOf(JsonElement body, string name)
        => DateTime.TryParseExact(StkRequest.StringOf(body, name), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, TimeSpan.FromHours(3))
            : null;
}
