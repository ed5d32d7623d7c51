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
    }

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
