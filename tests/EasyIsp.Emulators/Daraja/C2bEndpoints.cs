using System.Globalization;
using System.Text.Json;

namespace EasyIsp.Emulators.Daraja;

/// <summary>The C2B paths of section 1.1, as strict as section 4 describes them.</summary>
internal static class C2bEndpoints
{
    private static readonly string[] Paths =
        ["/mpesa/c2b/v1/registerurl", "/mpesa/c2b/v2/registerurl", "/mpesa/c2b/v1/simulate", "/mpesa/c2b/v2/simulate"];

    public static bool Has(string path) => Paths.Contains(path);

    public static void MapC2b(this IEndpointRouteBuilder daraja)
    {
        foreach (var version in new[] { 1, 2 })
        {
            daraja.MapPost($"/mpesa/c2b/v{version}/registerurl", (HttpContext http, DarajaEmulator emulator, DarajaC2b c2b, TimeProvider clock)
                => RegisterAsync(http, emulator, c2b, clock, version));
            daraja.MapPost($"/mpesa/c2b/v{version}/simulate", SimulateAsync);
        }
    }

    private static async Task<IResult> RegisterAsync(
        HttpContext http, DarajaEmulator emulator, DarajaC2b c2b, TimeProvider clock, int version)
    {
        if (await DarajaReplies.FaultAsync(http, emulator.Options.RegisterFault, clock) is { } fault)
            return fault;
        var (body, merchant, error) = await ReadAsync(http, emulator);
        if (error is not null)
            return DarajaReplies.Error(error);
        var responseType = StkRequest.StringOf(body, "ResponseType");
        if (responseType is not ("Completed" or "Cancelled"))
            return DarajaReplies.Error(DarajaError.Invalid("ResponseType"));
        if (CallbackUrlRules.Read(StkRequest.StringOf(body, "ConfirmationURL"), emulator.Options) is not { } confirmation)
            return DarajaReplies.Error(DarajaError.Invalid("ConfirmationURL"));
        if (CallbackUrlRules.Read(StkRequest.StringOf(body, "ValidationURL"), emulator.Options) is not { } validation)
            return DarajaReplies.Error(DarajaError.Invalid("ValidationURL"));

        return c2b.Register(merchant!, version, responseType, confirmation, validation) is { } refused
            ? DarajaReplies.Error(refused)
            : DarajaReplies.Registered();
    }

    /// <summary>Section 4.5: answered at once; the messages come when they come.</summary>
    private static async Task<IResult> SimulateAsync(HttpContext http, DarajaEmulator emulator, DarajaC2b c2b)
    {
        var (body, merchant, error) = await ReadAsync(http, emulator);
        if (error is not null)
            return DarajaReplies.Error(error);
        if (StkRequest.StringOf(body, "CommandID") != (merchant!.Till is null ? "CustomerPayBillOnline" : "CustomerBuyGoodsOnline"))
            return DarajaReplies.Error(DarajaError.Invalid("CommandID"));
        if (!decimal.TryParse(StkRequest.TextOf(body, "Amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount is < 1 or > 250_000)
            return DarajaReplies.Error(DarajaError.Invalid("Amount"));
        if (StkRequest.TextOf(body, "Msisdn") is not { Length: 12 } msisdn || !msisdn.StartsWith("254", StringComparison.Ordinal))
            return DarajaReplies.Error(DarajaError.Invalid("Msisdn"));
        if ((StkRequest.StringOf(body, "BillRefNumber") ?? "") is not { Length: <= 20 } account)
            return DarajaReplies.Error(DarajaError.Invalid("BillRefNumber"));

        _ = c2b.PayAsync(merchant.ShortCode, msisdn, amount, account, CancellationToken.None);
        return DarajaReplies.Registered();
    }

    private static async Task<(JsonElement Body, DarajaMerchant? Merchant, DarajaError? Error)> ReadAsync(HttpContext http, DarajaEmulator emulator)
    {
        if (DarajaEndpoints.TokenError(http.Request, emulator, out var consumerKey) is { } tokenError)
            return (default, null, tokenError);
        if (await DarajaEndpoints.ReadAsync(http.Request) is not { } body)
            return (default, null, DarajaError.MalformedPayload);
        if (StkRequest.TextOf(body, "ShortCode") is not { Length: >= 5 and <= 7 } shortCode || !shortCode.All(char.IsAsciiDigit))
            return (default, null, DarajaError.Invalid("ShortCode"));

        var merchant = emulator.Options.Merchants.FirstOrDefault(m =>
            m.ShortCode == shortCode && (!emulator.Options.TokenOpensOnlyItsShortCodes || m.ConsumerKey == consumerKey));
        return merchant is null ? (default, null, DarajaError.NoMerchant) : (body, merchant, null);
    }
}
