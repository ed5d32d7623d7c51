using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EasyIsp.Emulators.Sms;

/// <summary>The "classic partner-ID" platform of TextSMS, Celcom and Advanta: paths of section 1.1, replies of 1.2.</summary>
public static class SmsEndpoints
{
    public static IServiceCollection AddSmsEmulator(this IServiceCollection services, SmsEmulatorOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton(options).AddSingleton<SmsInbox>().AddSingleton<SmsDesk>();
    }

    public static IEndpointRouteBuilder MapSmsEmulator(this IEndpointRouteBuilder routes, string prefix = "/sms")
    {
        // With and without the trailing slash: TextSMS' and Celcom's clients use it, Advanta's pages omit it.
        var sms = routes.MapGroup(prefix);
        sms.MapPost("/api/services/sendsms/", SendAsync);
        sms.MapPost("/api/services/sendotp/", SendAsync);
        sms.MapPost("/api/services/getbalance/", BalanceAsync);
        sms.MapPost("/api/services/getdlr/", ReportAsync);
        sms.MapGet("/_inbox", (SmsInbox inbox) => Results.Json(inbox.Messages.Reverse().Select(message => new
        {
            message.MessageId,
            message.Mobile,
            message.Sender,
            message.Text,
            message.ReceivedAt,
            Report = inbox.ReportOf(message),
        })));
        return routes;
    }

    private static async Task<IResult> SendAsync(HttpContext http, SmsDesk desk, TimeProvider clock)
    {
        if (await ReadAsync(http.Request) is not { } body)
            return Flat(1010, "Unsupported request type");
        if (desk.Account(body, out var refusal) is not { } account)
            return refusal!;

        var mobiles = (TextOf(body, "mobile") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (mobiles.Length > desk.Options.MaxRecipients)
            return Flat(1104, "Too many comma separated contacts");
        if (mobiles is [var only] && await TroubleAsync(http, only, clock) is { } trouble)
            return trouble;
        if (desk.Options.AnswerEmpty)
            return Json(new() { ["responses"] = new JsonArray() });

        var rows = mobiles.Select(mobile => desk.Send(account, mobile, TextOf(body, "shortcode"), TextOf(body, "message")));
        return Json(new() { ["responses"] = new JsonArray([.. rows]) });
    }

    private static async Task<IResult> BalanceAsync(HttpContext http, SmsDesk desk)
    {
        if (await ReadAsync(http.Request) is not { } body)
            return Flat(1010, "Unsupported request type");
        if (desk.Account(body, out var refusal) is not { } account)
            return refusal!;

        return Json(new()
        {
            ["response-code"] = 200,
            [desk.Options.CreditName] = account.Credit.ToString("0.00", CultureInfo.InvariantCulture),
            ["partner-id"] = account.PartnerId,
        });
    }

    private static async Task<IResult> ReportAsync(HttpContext http, SmsDesk desk, SmsInbox inbox)
    {
        if (await ReadAsync(http.Request) is not { } body)
            return Flat(1010, "Unsupported request type");
        if (desk.Account(body, out var refusal) is null)
            return refusal!;

        // "messageID": in lower case it is ignored.
        if (inbox.Find(TextOf(body, "messageID")) is not { } message || inbox.ReportOf(message) is not { } report)
            return Flat(1008, "No delivery report");
        return Json(new()
        {
            ["response-code"] = 200,
            ["message-id"] = message.MessageId,
            ["response-description"] = "Success",
            ["delivery-status"] = 32,
            ["delivery-description"] = report,
        });
    }

    /// <summary>Triggers 004, 005 and 008 of section 11: no answer of the platform at all.</summary>
    private static async Task<IResult?> TroubleAsync(HttpContext http, string mobile, TimeProvider clock)
    {
        switch (mobile.Length >= 3 ? mobile[^3..] : "")
        {
            case "004":
                return Results.Text("Service Unavailable", statusCode: 503);
            case "005":
                await Task.Delay(TimeSpan.FromSeconds(60), clock, http.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                http.Abort();
                return Results.Empty;
            case "008":
                return Results.Text("<html><body>Welcome</body></html>", "text/html");
            default:
                return null;
        }
    }

    private static async Task<JsonElement?> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            return null;
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(
                request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body.ValueKind == JsonValueKind.Object ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static string? TextOf(JsonElement body, string name) => body.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    /// <summary>An error of the whole request is flat, and comes with HTTP 200.</summary>
    internal static IResult Flat(int code, string description)
        => Json(new() { ["response-code"] = code, ["response-description"] = description });

    private static IResult Json(JsonObject body) => Results.Text(body.ToJsonString(), "application/json");
}
