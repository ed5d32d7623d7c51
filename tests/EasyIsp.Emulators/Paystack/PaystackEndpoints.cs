using System.Text.Json;
using System.Text.Json.Nodes;
using EasyIsp.Emulators.Daraja;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EasyIsp.Emulators.Paystack;

/// <summary>The paths that we call, strict in what Paystack's documents say of them.</summary>
public static class PaystackEndpoints
{
    public static IServiceCollection AddPaystackEmulator(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(PaystackEmulator.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(30)).RemoveAllLoggers();
        return services.AddSingleton<PaystackEmulator>();
    }

    public static IEndpointRouteBuilder MapPaystackEmulator(this IEndpointRouteBuilder routes, string prefix = "/paystack")
    {
        var paystack = routes.MapGroup(prefix);
        paystack.MapPost("/charge", ChargeAsync);
        paystack.MapGet("/charge/{reference}", (HttpContext http, string reference, PaystackEmulator emulator)
            => Told(http, reference, emulator, "Reference check successful"));
        paystack.MapGet("/transaction/verify/{reference}", (HttpContext http, string reference, PaystackEmulator emulator)
            => Told(http, reference, emulator, "Verification successful"));
        paystack.MapGet("/transaction", List);
        paystack.MapGet("/_statement", (PaystackEmulator emulator) => Results.Json(
            emulator.Statement.Select(charge => new { charge.Reference, charge.ReceiptNumber, charge.PaidAmount, charge.Phone, charge.PaidAt })));
        paystack.MapPut("/_webhook", (WebhookChoice choice, PaystackEmulator emulator) =>
        {
            emulator.Businesses.Single(business => business.SecretKey == choice.SecretKey).Webhook = choice.Url;
            return Results.NoContent();
        });
        return routes;
    }

    /// <summary>What Paystack's dashboard is for.</summary>
    private sealed record WebhookChoice(string SecretKey, Uri Url);

    private static async Task<IResult> ChargeAsync(HttpContext http, PaystackEmulator emulator)
    {
        emulator.CountCharge();
        if (Refusal(http, emulator, out var business) is { } refusal)
            return refusal;
        if (await DarajaEndpoints.ReadAsync(http.Request) is not { } body)
            return No(400, "Invalid JSON");
        if (Text(body, "email") is not { } email || !email.Contains('@', StringComparison.Ordinal))
            return No(400, "Invalid Email Address Passed");
        if (!body.TryGetProperty("amount", out var units) || units.ValueKind != JsonValueKind.Number || !units.TryGetInt64(out var amount) || amount <= 0)
            return No(400, "Invalid amount passed");
        if (Text(body, "currency") != "KES")
            return No(403, "Currency not supported by merchant");
        if (Text(body, "reference") is not { Length: > 0 } reference || !reference.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '='))
            return No(400, "Invalid reference");
        if (!body.TryGetProperty("mobile_money", out var mobile) || Text(mobile, "provider") != "mpesa"
            || Text(mobile, "phone") is not { } phone || phone.Length != 13 || !phone.StartsWith("+254", StringComparison.Ordinal))
        {
            return No(400, "Invalid mobile money details");
        }

        if (emulator.Take(business!, reference, amount, phone, email) is not { } charge)
            return No(400, "Duplicate Transaction Reference");
        if (charge.Scenario.LosesAnswer)
        {
            http.Abort();
            return Results.Empty;
        }

        var data = new JsonObject { ["reference"] = reference, ["status"] = charge.Scenario.AnswersPending ? "pending" : "pay_offline" };
        if (!charge.Scenario.AnswersPending)
            data["display_text"] = "Please complete authorization process on your mobile phone";
        return Json(200, status: true, "Charge attempted", data);
    }

    private static IResult Told(HttpContext http, string reference, PaystackEmulator emulator, string message)
    {
        if (Refusal(http, emulator, out var business) is { } refusal)
            return refusal;

        // The documents show 400 for /charge and do not say for verify; whoever asks must live with either.
        return emulator.Find(reference) is { } charge && charge.Business == business
            ? Json(200, status: true, message, PaystackEmulator.DataOf(charge))
            : No(400, "Transaction reference is invalid");
    }

    private static IResult List(HttpContext http, PaystackEmulator emulator)
    {
        if (Refusal(http, emulator, out var business) is { } refusal)
            return refusal;

        var newest = emulator.Charges.Where(charge => charge.Business == business).Reverse()
            .Take(int.TryParse(http.Request.Query["perPage"], out var most) ? most : 50);
        return Json(200, status: true, "Transactions retrieved", new JsonArray([.. newest.Select(PaystackEmulator.DataOf)]));
    }

    private static IResult? Refusal(HttpContext http, PaystackEmulator emulator, out PaystackBusiness? business)
    {
        var key = http.Request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : "";
        business = emulator.Businesses.FirstOrDefault(b => b.SecretKey == key);
        return emulator.FaultStatus is { } status ? Results.StatusCode(status)
            : business is null ? No(401, "Invalid key")
            : null;
    }

    private static string? Text(JsonElement body, string name)
        => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IResult No(int status, string message) => Json(status, status: false, message, data: null);

    private static IResult Json(int code, bool status, string message, JsonNode? data)
    {
        var body = new JsonObject { ["status"] = status, ["message"] = message };
        if (data is not null)
            body["data"] = data;
        return Results.Text(body.ToJsonString(), "application/json", statusCode: code);
    }
}
