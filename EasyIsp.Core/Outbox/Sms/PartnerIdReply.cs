using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Outbox.Sms;

/// <summary>
/// Reads the platform's answers. The HTTP status says nothing about business errors, and the code's name is misspelled
/// in most replies: "respose-code".
/// </summary>
internal static partial class PartnerIdReply
{
    private const string Success = "200";
    private const int LongestText = 200;

    public static SmsSendResult OfSend(JsonAnswer answer, SmsCredentials credentials)
    {
        if (answer.Body is not { } body)
            return WithoutJson(answer);
        if (body.Member("responses") is not { ValueKind: JsonValueKind.Array } rows)
            return CodeOf(body) is { } flat && flat != Success ? Refusal(flat, body, credentials) : WithoutCode(answer);
        if (rows.GetArrayLength() == 0)
            return new SmsSendResult.Refused("", "Answered for no recipient", SmsRetryClass.Unknown);

        var row = rows[0];
        return CodeOf(row) switch
        {
            Success => new SmsSendResult.Accepted(row.Text("messageid")),
            { } code => Refusal(code, row, credentials),
            null => WithoutCode(answer),
        };
    }

    public static SmsBalanceResult OfBalance(JsonAnswer answer, SmsCredentials credentials)
    {
        if (answer.Body is not { } body)
            return new SmsBalanceResult.Unknown(answer.ToString());
        if (CodeOf(body) is { } code && code != Success)
            return new SmsBalanceResult.Unknown($"{code} {TextOf(body, credentials)}");

        return (body.Decimal("credit") ?? body.Decimal("balance")) is { } credit
            ? new SmsBalanceResult.Known(credit)
            : new SmsBalanceResult.Unknown("An answer without credit");
    }

    private static SmsSendResult.Refused Refusal(string code, JsonElement element, SmsCredentials credentials)
        => new(code, TextOf(element, credentials), ClassOf(code));

    private static SmsSendResult WithoutCode(JsonAnswer answer)
        => answer.Status == HttpStatusCode.OK ? new SmsSendResult.Unknown("An answer without a code") : WithoutJson(answer);

    /// <summary>A page instead of an answer. Only what says that nothing was processed is a refusal.</summary>
    private static SmsSendResult WithoutJson(JsonAnswer answer)
    {
        var refusal = answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
                or HttpStatusCode.MethodNotAllowed => SmsRetryClass.Config,
            HttpStatusCode.TooManyRequests => SmsRetryClass.Throttled,
            HttpStatusCode.ServiceUnavailable => SmsRetryClass.Transient,
            _ => (SmsRetryClass?)null,
        };
        return refusal is { } retryClass
            ? new SmsSendResult.Refused($"HTTP {(int)answer.Status}", "", retryClass)
            : new SmsSendResult.Unknown(answer.ToString());
    }

    private static SmsRetryClass ClassOf(string code) => code switch
    {
        "1001" or "1006" or "1009" or "1010" or "1012" or "1104" or "4091" or "4092" or "4093" => SmsRetryClass.Config,
        "1002" or "1003" => SmsRetryClass.Number,
        "1004" => SmsRetryClass.Funds,
        "1005" or "1007" or "4090" => SmsRetryClass.Transient,
        _ => SmsRetryClass.Unknown,
    };

    private static string? CodeOf(JsonElement element) => element.Text("respose-code") ?? element.Text("response-code");

    private static string TextOf(JsonElement element, SmsCredentials credentials)
    {
        var text = element.Text("response-description") ?? element.Text("respose-description") ?? "";
        text = credentials.ApiKey.Length > 0 ? text.Replace(credentials.ApiKey, "***", StringComparison.Ordinal) : text;
        return LongDigits().Replace(text.Length <= LongestText ? text : text[..LongestText], "***");
    }

    [GeneratedRegex(@"\d{9,}", RegexOptions.NonBacktracking)]
    private static partial Regex LongDigits();
}
