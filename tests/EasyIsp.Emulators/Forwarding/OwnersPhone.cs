using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EasyIsp.Emulators.Daraja;
using Microsoft.Extensions.Options;

namespace EasyIsp.Emulators.Forwarding;

/// <summary>
/// The owner's phone with a forwarding app: it gets an SMS of all that the emulated Safaricom settles, and passes each on,
/// signed as docs/payments-sms.md says, until it is taken.
/// </summary>
internal sealed partial class OwnersPhone(
    DarajaEmulator mpesa, IHttpClientFactory http, IOptions<OwnersPhoneOptions> options, TimeProvider clock, ILogger<OwnersPhone> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Of a bank that no template of the product knows.</summary>
    private const string BanksSms = "Dear Customer, KES 2,500.00 received from GRACE MWENDE to your account 1042, Ref FT26083KQ2WX on 02-Mar-2026 at 10:14. Thank you for banking with us.";

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private decimal _balance = 47_810;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is not { Address: { } address, Key: { } key })
            return;

        _told.UnionWith(mpesa.Options.Remembered.Select(line => line.Receipt));
        using var client = http.CreateClient(nameof(OwnersPhone));
        var wasBankTold = false;
        try
        {
            while (true)
            {
                await Task.Delay(Pause, clock, stoppingToken);
                wasBankTold = wasBankTold || await PassOnAsync(client, address, key, BanksSms, "KENYABANK", stoppingToken);
                await PassOnAllAsync(client, address, key, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The demonstration ends.
        }
    }

    private async Task PassOnAllAsync(HttpClient client, Uri address, string key, CancellationToken cancellationToken)
    {
        var lines = mpesa.Statement.Lines;
        _told.IntersectWith(lines.Select(line => line.Receipt));
        foreach (var line in lines.Where(line => !_told.Contains(line.Receipt)))
        {
            var isTill = mpesa.Options.Merchants.Any(merchant => merchant.ShortCode == line.ShortCode && merchant.Till is not null);
            if (!await PassOnAsync(client, address, key, OwnersSms.Of(line, isTill, _balance += line.Amount), OwnersSms.Sender, cancellationToken))
                return;
            _told.Add(line.Receipt);
        }
    }

    /// <returns>False when it has to be sent again.</returns>
    private async Task<bool> PassOnAsync(HttpClient client, Uri address, string key, string text, string sender, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["from"] = sender, ["text"] = text }.ToJsonString());
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetHexString(24, lowercase: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Nonce", nonce);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{timestamp}.{nonce}."), .. body];
        request.Headers.Add("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed)));
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
                LogNotTaken((int)answer.StatusCode);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException exception)
        {
            LogNotReached(exception.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The portal did not take an SMS: {Status}")]
    private partial void LogNotTaken(int status);

    [LoggerMessage(LogLevel.Information, "The portal was not reached with an SMS: {Reason}")]
    private partial void LogNotReached(string reason);
}

/// <summary>What the owner entered in the app; read from the database.</summary>
internal sealed class OwnersPhoneOptions
{
    /// <summary>Null: there is no such phone.</summary>
    public Uri? Address { get; set; }

    public string? Key { get; set; }
}
