using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Daraja;

/// <summary>The bodies of sections 3.4, 3.5 and 3.7, spelling mistakes and all; and the ways not to answer.</summary>
internal static class DarajaReplies
{
    public static IResult Json(int status, JsonObject body)
        => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    public static IResult Error(DarajaError error) => Json(error.Status, new()
    {
        ["requestId"] = $"1c5b-4ba8-815c-{RandomNumberGenerator.GetHexString(12, lowercase: true)}12345",
        ["errorCode"] = error.Code,
        ["errorMessage"] = error.Message,
    });

    public static IResult Accepted(StkPrompt prompt) => Json(200, new()
    {
        ["MerchantRequestID"] = prompt.MerchantRequestId,
        ["CheckoutRequestID"] = prompt.CheckoutRequestId,
        ["ResponseCode"] = "0",
        ["ResponseDescription"] = "Success. Request accepted for processing",
        ["CustomerMessage"] = "Success. Request accepted for processing",
    });

    /// <summary>Section 4.1: the missing "n" is Safaricom's.</summary>
    public static IResult Registered() => Json(200, new()
    {
        ["OriginatorCoversationID"] = $"7619-{RandomNumberGenerator.GetInt32(10_000_000, 100_000_000)}-1",
        ["ResponseCode"] = "0",
        ["ResponseDescription"] = "success",
    });

    public static IResult StateOf(StkPrompt prompt, DarajaEmulatorOptions options)
    {
        // Section 3.8 [O]: known, finished payments are denied at random.
        if (prompt.Scenario.QueryIsUnreliable && IsDrawn(options.QueryFaultRate))
            return Error(DarajaError.NoTransaction);
        if (prompt.ResultCode is null && options.Pending != PendingForm.Code4999 && !prompt.Scenario.PendingIs4999)
            return Error(DarajaError.StillProcessing(options.Pending, options.PendingErrorStatus));

        var code = prompt.ResultCode ?? "4999";
        return Json(200, new()
        {
            ["ResponseCode"] = "0",
            ["ResponseDescription"] = "The service request has been accepted successsfully",
            ["MerchantRequestID"] = prompt.MerchantRequestId,
            ["CheckoutRequestID"] = prompt.CheckoutRequestId,
            ["ResultCode"] = DarajaCallbacks.CodeNode(code, asString: !options.QueryCodeAsNumber),
            ["ResultDesc"] = StkScenario.Describe(code),
        });
    }

    /// <returns>Null when there is no fault and the request goes on.</returns>
    public static async Task<IResult?> FaultAsync(HttpContext http, DarajaFault fault, TimeProvider clock) => fault switch
    {
        DarajaFault.HtmlPage => Page(200),
        DarajaFault.HtmlForbidden => Page(403),
        DarajaFault.Unavailable => Page(503),
        DarajaFault.ConnectionReset => await ResetAfterAsync(http, TimeSpan.Zero, clock),
        DarajaFault.Hang => await ResetAfterAsync(http, TimeSpan.FromMinutes(5), clock),
        _ => null,
    };

    public static async Task<IResult> ResetAfterAsync(HttpContext http, TimeSpan delay, TimeProvider clock)
    {
        // The caller may hang up first; that ends the wait and nothing else.
        await Task.Delay(delay, clock, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Abort();
        return Results.Empty;
    }

    private static IResult Page(int status) => Results.Text(
        "<html><head><title>Request unsuccessful</title></head><body>Incapsula incident ID: 000000</body></html>",
        "text/html", statusCode: status);

    private static bool IsDrawn(double rate) => RandomNumberGenerator.GetInt32(1_000_000) < rate * 1_000_000;
}
