using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Daraja;

/// <summary>Not Safaricom's: lets an operator play the customer, and shows what was really paid.</summary>
internal static class DarajaControl
{
    public static void MapDarajaControl(this IEndpointRouteBuilder daraja)
    {
        daraja.MapGet("/_statement", (DarajaEmulator emulator) => Results.Json(emulator.Statement.Lines));
        daraja.MapGet("/_prompts", (DarajaEmulator emulator) => Results.Text(
            new JsonArray([.. emulator.Prompts.Reverse().Select(Describe)]).ToJsonString(), "application/json"));
        daraja.MapPost("/_prompts/{checkoutRequestId}/pin", (string checkoutRequestId, DarajaEmulator emulator)
            => Answered(emulator.EnterPin(checkoutRequestId)));
        daraja.MapPost("/_prompts/{checkoutRequestId}/cancel", (string checkoutRequestId, DarajaEmulator emulator)
            => Answered(emulator.Cancel(checkoutRequestId)));
        daraja.MapPost("/_c2b", async (MenuPayment payment, DarajaC2b c2b, CancellationToken cancellationToken)
            => await c2b.PayAsync(payment.ShortCode, payment.Msisdn, payment.Amount, payment.Account ?? "", cancellationToken) is { } paid
                ? Results.Json(new { paid.Receipt })
                : Results.Conflict());
    }

    /// <summary>A customer pays from the phone's menu; 409 when validation refused it.</summary>
    private sealed record MenuPayment(string ShortCode, string Msisdn, decimal Amount, string? Account);

    /// <summary>409 when the prompt is gone: answered, timed out, or never there.</summary>
    private static IResult Answered(bool wasOpen) => wasOpen ? Results.NoContent() : Results.Conflict();

    private static JsonNode Describe(StkPrompt prompt) => new JsonObject
    {
        ["checkoutRequestId"] = prompt.CheckoutRequestId,
        ["msisdn"] = prompt.Request.Msisdn,
        ["amount"] = prompt.Request.Amount,
        ["shortCode"] = prompt.Merchant.ShortCode,
        ["accountReference"] = prompt.Request.AccountReference,
        ["description"] = prompt.Request.Description,
        ["sentAt"] = prompt.SentAt,
        ["isOpen"] = prompt.ResultCode is null,
        ["resultCode"] = prompt.ResultCode,
        ["resultDescription"] = prompt.ResultCode is { } code ? StkScenario.Describe(code) : null,
        ["receipt"] = prompt.Receipt,
        ["settledAt"] = prompt.SettledAt,
    };
}
