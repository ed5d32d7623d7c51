using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Paystack;

/// <summary>
/// Paystack as our systems see it: charges to phones, what their owners do, and its own list of what was paid. Time passes by
/// <see cref="TimeProvider"/>. Bodies follow Paystack's own published examples; what these leave open is not emulated.
/// </summary>
public sealed partial class PaystackEmulator(IHttpClientFactory http, TimeProvider clock, ILogger<PaystackEmulator> logger)
{
    internal const string HttpClientName = "paystack-events";

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(3);
    private readonly ConcurrentDictionary<string, PaystackCharge> _charges = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, ITimer> _timers = new();
    private long _count;

    public IList<PaystackBusiness> Businesses { get; } = [];

    /// <summary>How many charges arrived, whatever became of them: shows whether a client repeats itself.</summary>
    public int ChargesReceived { get; private set; }

    /// <summary>Every call is answered with this and nothing else; null answers truly.</summary>
    public int? FaultStatus { get; set; }

    public IReadOnlyList<PaystackCharge> Charges => [.. _charges.Values.OrderBy(charge => charge.Id)];

    /// <summary>What was really paid, oldest first.</summary>
    public IReadOnlyList<PaystackCharge> Statement => [.. Charges.Where(charge => charge.Status == "success")];

    public PaystackCharge? Find(string reference) => _charges.GetValueOrDefault(reference);

    internal void CountCharge() => ChargesReceived++;

    /// <returns>Null when the reference was used before.</returns>
    internal PaystackCharge? Take(PaystackBusiness business, string reference, long amount, string phone, string email)
    {
        var charge = new PaystackCharge
        {
            Reference = reference,
            Amount = amount,
            Phone = phone,
            Email = email,
            Business = business,
            Scenario = PaystackScenario.Of(phone),
            CreatedAt = clock.GetUtcNow(),
            Id = Interlocked.Increment(ref _count),
        };
        if (!_charges.TryAdd(reference, charge))
            return null;

        After(charge.Scenario.After, () => Settle(charge));
        return charge;
    }

    /// <summary>The body of the event, byte for byte as it is signed.</summary>
    public static byte[] EventOf(PaystackCharge charge, string happened = "charge.success")
        => Encoding.UTF8.GetBytes(new JsonObject { ["event"] = happened, ["data"] = DataOf(charge) }.ToJsonString());

    public static string SignatureOf(byte[] body, string secretKey)
        => Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secretKey), body));

    /// <summary>As in Paystack's examples of verify and of events; what is of no use to a receiver is left out.</summary>
    internal static JsonObject DataOf(PaystackCharge charge) => new()
    {
        ["id"] = charge.Id,
        ["domain"] = charge.Business.SecretKey.StartsWith("sk_live_", StringComparison.Ordinal) ? "live" : "test",
        ["status"] = charge.Status,
        ["reference"] = charge.Reference,
        ["receipt_number"] = charge.ReceiptNumber,
        ["amount"] = charge.PaidAmount,
        ["message"] = null,
        ["gateway_response"] = charge.Status switch { "success" => "Approved", "failed" => "Insufficient funds", _ => null },
        ["paid_at"] = charge.PaidAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["created_at"] = charge.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["channel"] = "mobile_money",
        ["currency"] = charge.Currency,
        ["metadata"] = "",
        ["fees"] = charge.PaidAmount * 15 / 1000,
        ["customer"] = new JsonObject { ["email"] = charge.Email, ["phone"] = null },
        ["requested_amount"] = charge.Amount,
    };

    private void Settle(PaystackCharge charge)
    {
        charge.Status = charge.Scenario.Status;
        if (charge.Status != "success")
            return;

        charge.PaidAt = clock.GetUtcNow();
        charge.ReceiptNumber = charge.Business.TellsReceipts ? "UC" + RandomNumberGenerator.GetString(Letters, 8) : null;
        for (var i = 0; i < charge.Scenario.Events; i++)
            After(charge.Scenario.EventDelay, () => _ = TellAsync(charge));
    }

    /// <summary>Until the receiver answers with 2xx.</summary>
    private async Task TellAsync(PaystackCharge charge)
    {
        if (charge.Business.Webhook is not { } address)
            return;

        var body = EventOf(charge);
        try
        {
            using var client = http.CreateClient(HttpClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add("x-paystack-signature", SignatureOf(body, charge.Business.SecretKey));
            using var response = await client.SendAsync(request);
            if (response.IsSuccessStatusCode)
                return;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            LogLost(address.Host, exception.Message);
        }

        After(RetryAfter, () => _ = TellAsync(charge));
    }

    private void After(TimeSpan delay, Action happens)
    {
        if (delay == TimeSpan.Zero)
        {
            happens();
            return;
        }

        var number = Interlocked.Increment(ref _count);
        _timers[number] = clock.CreateTimer(
            _ =>
            {
                if (_timers.TryRemove(number, out var timer))
                    timer.Dispose();
                happens();
            },
            null, delay, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An event to {Host} was lost and is told again: {Reason}")]
    private partial void LogLost(string host, string reason);
}
