using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Emulators.Daraja;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Our client, the emulated Safaricom, and a receiver of callbacks between them.</summary>
internal sealed class DarajaWorld : IAsyncDisposable
{
    private readonly EmulatorServer _server;
    private readonly ServiceProvider _ours;
    private readonly Channel<ReceivedCallback> _received;
    private readonly Patience _patience;
    private static readonly JsonSerializerOptions AsNamed = new();

    private DarajaWorld(EmulatorServer server, ServiceProvider ours, LogLines log, Channel<ReceivedCallback> received, Patience patience)
    {
        (_server, _ours, Log, _received, _patience) = (server, ours, log, received, patience);
        Emulator = server.Services.GetRequiredService<DarajaEmulator>();
        Credentials = new DarajaCredentials
        {
            BaseUrl = new Uri(server.Address, "/daraja"),
            ConsumerKey = "key-of-demo",
            ConsumerSecret = "secret-of-demo",
            ShortCode = "600111",
            Passkey = "demo-passkey-not-real",
        };
    }

    public DarajaCredentials Credentials { get; }
    public DarajaEmulator Emulator { get; }
    public LogLines Log { get; }
    public FakeTimeProvider Clock => _server.Clock;
    public IDarajaClient Client => _ours.GetRequiredService<IDarajaClient>();
    public IDarajaOperations Operations => _ours.GetRequiredService<IDarajaOperations>();
    public Uri CallbackUrl => new(_server.Address, "/pay/cb/5d1c");

    public static async Task<DarajaWorld> OpenAsync(DarajaEmulatorOptions? options = null)
    {
        options ??= new DarajaEmulatorOptions();
        options.Merchants.Add(new DarajaMerchant
        {
            ConsumerKey = "key-of-demo", ConsumerSecret = "secret-of-demo", ShortCode = "600111", Passkey = "demo-passkey-not-real",
        });
        options.Merchants.Add(new DarajaMerchant
        {
            ConsumerKey = "key-of-till", ConsumerSecret = "secret-of-till", ShortCode = "600222", Passkey = "till-passkey", Till = "555666",
        });

        var received = Channel.CreateUnbounded<ReceivedCallback>();
        var server = await EmulatorServer.StartAsync(
            services => services.AddDarajaEmulator(options),
            app =>
            {
                app.MapDarajaEmulator();
                app.MapPost("/pay/{**rest}", async (HttpRequest request) =>
                {
                    using var body = new MemoryStream();
                    await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
                    received.Writer.TryWrite(new ReceivedCallback(
                        request.ContentType, request.Headers["BusinessShortCode"].ToString(), body.ToArray()));
                    return Results.Json(new { ResultCode = 0, ResultDesc = "Accepted" });
                });
            },
            TestContext.Current.CancellationToken);

        var log = new LogLines();
        var ours = new ServiceCollection()
            .AddSingleton<TimeProvider>(server.Clock)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))
            .AddDaraja();
        var patience = new Patience();
        ours.AddHttpClient(DarajaFeature.HttpClientName, client => client.Timeout = patience.Timeout ?? client.Timeout);
        var provider = ours.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        return new DarajaWorld(server, provider, log, received, patience);
    }

    /// <summary>From now on our client gives up soon. Not before: a first call on a busy machine takes its time.</summary>
    public void LosePatience() => _patience.Timeout = TimeSpan.FromSeconds(1);

    public Task<PromptResult> PushAsync(string phone, decimal amount = 50, DarajaCredentials? credentials = null)
        => Client.PushAsync(
            credentials ?? Credentials,
            new StkPushOrder(phone, amount, "ISP00123", "Internet", CallbackUrl),
            TestContext.Current.CancellationToken);

    public async Task<string> AcceptedAsync(string phone, decimal amount = 50)
        => Assert.IsType<PromptResult.Accepted>(await PushAsync(phone, amount)).Reference;

    public Task<StkQueryResult> QueryAsync(string checkoutRequestId)
        => Client.QueryAsync(Credentials, checkoutRequestId, TestContext.Current.CancellationToken);

    /// <summary>A customer pays from the menu of his phone.</summary>
    public Task<C2bPayment?> PayAsync(string account, decimal amount, string msisdn = "254712345678")
        => _server.Services.GetRequiredService<DarajaC2b>().PayAsync("600111", msisdn, amount, account, TestContext.Current.CancellationToken);

    /// <summary>The next callback; fails the test when none comes within some seconds of real time.</summary>
    public async Task<ReceivedCallback> CallbackAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        return await _received.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Without our client: a push as a careless programmer might send it.</summary>
    public async Task<(int Status, JsonElement Body)> RawAsync(string path, object body, string? token = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Credentials.BaseUrl}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Emulator.Tokens.Issue("key-of-demo"));
        request.Content = JsonContent.Create(body, body.GetType(), options: AsNamed);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode,
            await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    /// <summary>A push with every field right, to be spoilt one by one.</summary>
    public Dictionary<string, object?> RightPush() => new()
    {
        ["BusinessShortCode"] = 600111,
        ["Password"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("600111demo-passkey-not-real20260101130501")),
        ["Timestamp"] = "20260101130501",
        ["TransactionType"] = "CustomerPayBillOnline",
        ["Amount"] = "50",
        ["PartyA"] = "254712345678",
        ["PartyB"] = "600111",
        ["PhoneNumber"] = "254712345678",
        ["CallBackURL"] = CallbackUrl.AbsoluteUri,
        ["AccountReference"] = "ISP00123",
        ["TransactionDesc"] = "Internet",
    };

    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        await _server.DisposeAsync();
    }

    private sealed class Patience
    {
        public TimeSpan? Timeout { get; set; }
    }
}

internal sealed record ReceivedCallback(string? ContentType, string ShortCode, byte[] Body)
{
    public StkCallback Parsed => StkCallback.TryParse(Body, out var callback, out var malformed)
        ? callback
        : throw new InvalidOperationException(malformed);
}
