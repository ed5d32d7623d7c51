using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EasyIsp.Emulators.Sms;

/// <summary>Checks accounts and numbers as the platform does, and puts what passes into the inbox.</summary>
public sealed partial class SmsDesk(SmsEmulatorOptions options, SmsInbox inbox)
{
    private readonly Lock _gate = new();

    public SmsEmulatorOptions Options => options;

    /// <returns>Null with the platform's refusal when the request shows no account of ours (codes of section 1.2).</returns>
    internal SmsEmulatorAccount? Account(JsonElement body, out IResult? refusal)
    {
        var apiKey = SmsEndpoints.TextOf(body, "apikey");
        var partnerId = SmsEndpoints.TextOf(body, "partnerID");
        var account = options.Accounts.FirstOrDefault(a => a.ApiKey == apiKey && a.PartnerId == partnerId);
        refusal = (partnerId, apiKey, account) switch
        {
            (null or "", _, _) => SmsEndpoints.Flat(4091, "No Partner ID is Set"),
            (_, null or "", _) => SmsEndpoints.Flat(4092, "No API KEY Provided"),
            (_, _, null) => SmsEndpoints.Flat(1006, "Invalid credentials"),
            _ => null,
        };
        return account;
    }

    /// <returns>The row of one recipient.</returns>
    internal JsonNode Send(SmsEmulatorAccount account, string mobile, string? sender, string? text)
    {
        var asStrings = options.NumbersAsStrings || mobile.EndsWith("009", StringComparison.Ordinal);
        lock (_gate)
        {
            if (Refusal(account, mobile, sender, text) is var (code, description))
                return Row(code, description, mobile, asStrings);

            account.Credit--;
            var row = Row(200, "Success", mobile, asStrings);
            row["messageid"] = Number(inbox.Add(mobile, sender!, text!).MessageId, asStrings);
            row["networkid"] = "1";
            return row;
        }
    }

    private static (int Code, string Description)? Refusal(
        SmsEmulatorAccount account, string mobile, string? sender, string? text)
    {
        if (!Kenyan().IsMatch(mobile) || mobile.EndsWith("001", StringComparison.Ordinal))
            return (1003, "Invalid mobile number");
        if (sender is null || !account.SenderIds.Contains(sender) || mobile.EndsWith("003", StringComparison.Ordinal))
            return (1001, "Invalid sender id");
        if (account.Credit < 1 || mobile.EndsWith("002", StringComparison.Ordinal))
            return (1004, "Low bulk credits");
        return string.IsNullOrEmpty(text) ? (4093, "Details not found") : null;
    }

    private JsonObject Row(int code, string description, string mobile, bool asStrings) => new()
    {
        [options.SpellCodeRight ? "response-code" : "respose-code"] = Number(code.ToString(CultureInfo.InvariantCulture), asStrings),
        ["response-description"] = description,
        ["mobile"] = mobile,
    };

    private static JsonValue Number(string digits, bool asString)
        => asString ? JsonValue.Create(digits) : JsonValue.Create(long.Parse(digits, CultureInfo.InvariantCulture));

    /// <summary>Section 1.2: 07… or 254…, no plus.</summary>
    [GeneratedRegex(@"^(?:254|0)[17]\d{8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Kenyan();
}
