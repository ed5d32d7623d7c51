using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Daraja;

/// <summary>Posts outcomes to CallBackURL (section 3.6 [O]): once, whatever the receiver answers.</summary>
public sealed partial class DarajaCallbacks(
    IHttpClientFactory http, DarajaEmulatorOptions options, ILogger<DarajaCallbacks> logger)
{
    internal const string HttpClientName = "daraja-callbacks";
    private readonly ConcurrentQueue<DarajaDelivery> _deliveries = new();

    /// <summary>Every attempt to deliver, with what the receiver said.</summary>
    public IReadOnlyList<DarajaDelivery> Deliveries => [.. _deliveries];

    /// <summary>Once more, for who wants a double of a settled prompt; does not wait for the receiver.</summary>
    public void Deliver(StkPrompt prompt)
        => _ = PostAsync(prompt.CheckoutRequestId, prompt.Merchant.ShortCode, prompt.Request.CallbackUrl, BodyOf(prompt));

    internal void Confirm(C2bPayment payment, Uri address)
        => _ = PostAsync(payment.Receipt, payment.Merchant.ShortCode, address, payment.Body(isValidation: false));

    /// <returns>What the receiver answered in time; null for silence and errors.</returns>
    internal async Task<string?> AskAsync(C2bPayment payment, Uri address, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(patience);
        try
        {
            using var client = http.CreateClient(HttpClientName);
            using var request = RequestOf(payment.Merchant.ShortCode, address, payment.Body(isValidation: true));
            using var response = await client.SendAsync(request, late.Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(late.Token) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            LogLost(address.Host, exception.Message);
            return null;
        }
    }

    /// <summary>From the oldest on, up to the first that is to be kept.</summary>
    internal void Forget(Func<string, bool> isForgotten)
    {
        while (_deliveries.TryPeek(out var oldest) && isForgotten(oldest.CheckoutRequestId))
            _deliveries.TryDequeue(out _);
    }

    private async Task PostAsync(string id, string shortCode, Uri address, JsonObject body)
    {
        try
        {
            using var client = http.CreateClient(HttpClientName);
            using var request = RequestOf(shortCode, address, body);
            using var response = await client.SendAsync(request);
            _deliveries.Enqueue(new DarajaDelivery(id, address, (int)response.StatusCode));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            _deliveries.Enqueue(new DarajaDelivery(id, address, null));
            LogLost(address.Host, exception.Message);
        }
    }

    private static HttpRequestMessage RequestOf(string shortCode, Uri address, JsonObject body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) };
        request.Headers.Add("BusinessShortCode", shortCode);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=UTF-8");
        return request;
    }

    /// <summary>The true callback of a settled prompt; who wants to forge one starts here.</summary>
    public JsonObject BodyOf(StkPrompt prompt)
    {
        var callback = new JsonObject
        {
            ["MerchantRequestID"] = prompt.MerchantRequestId,
            ["CheckoutRequestID"] = prompt.CheckoutRequestId,
            ["ResultCode"] = CodeNode(prompt.ResultCode!, options.CallbackCodeAsString),
            ["ResultDesc"] = StkScenario.Describe(prompt.ResultCode!),
        };
        if (prompt.Receipt is not null)
            callback["CallbackMetadata"] = new JsonObject { ["Item"] = Metadata(prompt) };
        return new JsonObject { ["Body"] = new JsonObject { ["stkCallback"] = callback } };
    }

    private JsonArray Metadata(StkPrompt prompt)
    {
        var items = new JsonArray(
            Item("Amount", JsonValue.Create(prompt.Request.Amount + 0.00m)),
            Item("MpesaReceiptNumber", JsonValue.Create(prompt.Receipt)));
        if (options.BalanceWithoutValue)
            items.Add((JsonNode)new JsonObject { ["Name"] = "Balance" });
        items.Add((JsonNode)Item("TransactionDate", JsonValue.Create(long.Parse(LocalTime(prompt), CultureInfo.InvariantCulture))));
        items.Add((JsonNode)Item("PhoneNumber", JsonValue.Create(long.Parse(prompt.Request.Msisdn, CultureInfo.InvariantCulture))));
        return items;
    }

    internal static JsonNode? CodeNode(string code, bool asString)
        => !asString && int.TryParse(code, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : JsonValue.Create(code);

    private static JsonObject Item(string name, JsonNode? value) => new() { ["Name"] = name, ["Value"] = value };

    private static string LocalTime(StkPrompt prompt)
        => prompt.SettledAt!.Value.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A callback to {Host} was lost, and is not repeated: {Reason}")]
    private partial void LogLost(string host, string reason);
}

/// <param name="CheckoutRequestId">Of a confirmation its receipt.</param>
/// <param name="Status">Null when the receiver was not reached.</param>
public sealed record DarajaDelivery(string CheckoutRequestId, Uri Address, int? Status);
