using System.Text;
using System.Text.Json;
using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.WebUtilities;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>An SMS out of what forwarding apps post: JSON or a form, under the names that they use.</summary>
/// <param name="Sender">As <see cref="SmsText.Sender"/> leaves it.</param>
/// <param name="Text">As <see cref="SmsText.Collapse"/> leaves it; null when there is none, or it is no Unicode.</param>
internal sealed record SmsEnvelope(string Sender, string? Text)
{
    private static readonly string[] TextNames = ["text", "message", "body", "content", "msg", "sms"];
    private static readonly string[] SenderNames = ["from", "sender", "phoneNumber", "number", "address"];

    /// <summary>Where apps put the SMS below something else.</summary>
    private static readonly string[] Wrappings = ["payload", "data", "sms"];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static SmsEnvelope Of(string text, string sender = "") => new(SmsText.Sender(sender), SmsText.Collapse(text));

    /// <summary>Never fails: what cannot be read has no text.</summary>
    public static SmsEnvelope Open(ReadOnlySpan<byte> body)
    {
        if (LooseJson.TryReadObject(body, out var root))
            return OfJson(root.Value);

        try
        {
            var form = QueryHelpers.ParseQuery(Strict.GetString(body));
            return Of(name => form.TryGetValue(name, out var value) ? value.ToString() : null);
        }
        catch (DecoderFallbackException)
        {
            return new SmsEnvelope("", null);
        }
    }

    private static SmsEnvelope OfJson(JsonElement root)
    {
        var wrapped = Wrappings.Select(name => root.Member(name)).FirstOrDefault(member => member is { ValueKind: JsonValueKind.Object });
        return Of(name => (wrapped ?? root).Text(name) ?? root.Text(name));
    }

    private static SmsEnvelope Of(Func<string, string?> field)
    {
        var text = SmsText.Collapse(TextNames.Select(field).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? "");
        var sender = SenderNames.Select(field).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        return new SmsEnvelope(SmsText.Sender(sender), text.Length == 0 ? null : text);
    }
}

/// <summary>One delivery of an SMS.</summary>
internal sealed record Delivered(
    MoneySmsSource Source, byte[] Body, SmsEnvelope Envelope, Guid? PhoneId = null, Guid? PaymentAccountId = null)
{
    public string? PastedBy { get; init; }
    public System.Net.IPAddress? CameFrom { get; init; }

    public byte[] Digest { get; } = Envelope.Text is { } text ? SmsText.DigestOf(text) : System.Security.Cryptography.SHA256.HashData(Body);
}
