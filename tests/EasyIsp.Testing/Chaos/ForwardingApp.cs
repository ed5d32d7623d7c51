using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EasyIsp.Emulators.Forwarding;

namespace EasyIsp.Testing.Chaos;

/// <summary>An app on the owner's phone, that signs each SMS as docs/payments-sms.md says and sends it until it is taken.</summary>
internal sealed class ForwardingApp(HttpClient http, Uri address, string key)
{
    public async Task PassOnAsync(string text, CancellationToken cancellationToken)
    {
        while (!await IsTakenAsync(text, cancellationToken))
            await Task.Delay(500, cancellationToken);
    }

    private async Task<bool> IsTakenAsync(string text, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["from"] = OwnersSms.Sender, ["text"] = text }.ToJsonString());
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetHexString(24, lowercase: true);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{timestamp}.{nonce}."), .. body];
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Nonce", nonce);
        request.Headers.Add("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed)));
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            // Told to wait it waits; what is refused for good would be sent for ever.
            return (int)answer.StatusCode is < 400 or >= 500 || answer.StatusCode == HttpStatusCode.TooManyRequests
                ? answer.IsSuccessStatusCode
                : throw new InvalidOperationException($"The Portal refused an SMS with {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
        {
            return false; // the portal is away
        }
    }
}
