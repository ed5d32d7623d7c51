using System.Net;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Paystack;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Paystack;
using EasyIsp.Portal.Hosting;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EasyIsp.Portal.Tests;

/// <summary>
/// The portal as it is delivered, on a database of its own and a clock that the test moves, with one tenant that sells
/// at one router and is paid through the emulated Safaricom. What works in the background works when the test says so.
/// </summary>
public sealed class PortalWorld(PostgresServer server) : IAsyncLifetime
{
    private WebApplication _emulators = null!;
    private int _devices;

    public World World { get; private set; } = null!;
    internal WebApplicationFactory<PortalOptions> App { get; private set; } = null!;
    public DarajaEmulator Daraja { get; private set; } = null!;
    public DarajaOrders Orders => _emulators.Services.GetRequiredService<DarajaOrders>();
    public PaystackEmulator Paystack => _emulators.Services.GetRequiredService<PaystackEmulator>();
    public Guid RouterId { get; private set; }
    public Guid HourId { get; private set; }
    public Guid DayId { get; private set; }
    public const string Site = "gate";

    public async ValueTask InitializeAsync()
    {
        World = await World.OpenAsync(server);
        _emulators = await StartEmulatorsAsync();
        Daraja = _emulators.Services.GetRequiredService<DarajaEmulator>();
        // Callbacks are the test's to deliver: it knows then that they have come.
        Daraja.CallbackPlan = _ => [];
        await SetUpAsync();
        App = await AppAsync(World);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await _emulators.DisposeAsync();
        await World.DisposeAsync();
    }

    /// <summary>A portal of its own, with other settings.</summary>
    internal static async Task<WebApplicationFactory<PortalOptions>> AppAsync(World world, params (string Name, string Value)[] settings)
    {
        var certificate = await world.WriteKeyRingCertificateAsync(TestContext.Current.CancellationToken);
        return new WebApplicationFactory<PortalOptions>().WithWebHostBuilder(host =>
        {
            foreach (var (name, value) in world.ProcessEnvironment(certificate))
                host.UseSetting(name.Replace("__", ":", StringComparison.Ordinal), value);
            host.UseSetting("Portal:PublicUrl", "http://portal.example");
            foreach (var (name, value) in settings)
                host.UseSetting(name, value);
            host.UseSetting("Serilog:MinimumLevel:Default", "Fatal");
            host.ConfigureTestServices(services =>
            {
                foreach (var worker in services.Where(IsOurWorker).ToArray())
                    services.Remove(worker);
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(world.Clock));
                services.AddSingleton<IStartupFilter, AddressOfTheTest>();
            });
        });
    }

    /// <summary>A phone that nobody has seen before.</summary>
    public Phone NewPhone(string? language = null)
    {
        var number = Interlocked.Increment(ref _devices);
        return new Phone(this, $"02:00:00:00:{number / 256:X2}:{number % 256:X2}", $"10.5.50.{number}", language);
    }

    /// <summary>Never the same, for what must not be.</summary>
    public int NextNumber() => Interlocked.Increment(ref _devices);

    /// <summary>Sends the prompts that wait.</summary>
    /// <returns>What the emulator knows of the one that this person is looking at.</returns>
    public async Task<StkPrompt> SendPromptAsync(Phone phone)
    {
        await SendPromptsAsync();
        return Daraja.Prompts.Single(prompt => prompt.Request.Msisdn == phone.PaysWith && prompt.ResultCode is null);
    }

    public Task SendPromptsAsync()
        => App.Services.GetRequiredService<PromptSender>().SendDueAsync(TestContext.Current.CancellationToken);

    /// <summary>The payer does what the last digits of his number say, and Safaricom tells us.</summary>
    public async Task SettleAsync(StkPrompt prompt)
    {
        World.Clock.Advance(prompt.Scenario.After);
        using var answer = await DeliverAsync(prompt);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await ReadCallbacksAsync();
    }

    public Task<HttpResponseMessage> DeliverAsync(StkPrompt prompt)
        => PostAsync(prompt.Request.CallbackUrl.AbsolutePath, Daraja.Callbacks.BodyOf(prompt).ToJsonString());

    public async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var client = App.CreateClient();
        return await client.PostAsync(
            new Uri(path, UriKind.Relative), new StringContent(body), TestContext.Current.CancellationToken);
    }

    /// <summary>A customer pays from the menu of his phone.</summary>
    /// <returns>The receipt.</returns>
    public async Task<string> PayAsync(string account, decimal amount)
        => (await _emulators.Services.GetRequiredService<DarajaC2b>()
            .PayAsync("600111", "254712000499", amount, account, TestContext.Current.CancellationToken))!.Receipt;

    /// <summary>An account at the emulated Paystack, which prompts go by from now on.</summary>
    public async Task<Guid> OpenPaystackAsync(string key, Guid? tenantId = null)
    {
        if (Paystack.Businesses.All(business => business.SecretKey != key))
            Paystack.Businesses.Add(new PaystackBusiness(key));
        var opened = await World.AsTenantAsync<PaystackAccounts, OpenPaystackOutcome>(tenantId ?? World.TenantId, accounts => accounts.OpenAsync(
            new NewPaystackAccount("Paystack", $"{_emulators.Urls.Single()}/paystack", key, "billing@savanna.example"), CancellationToken.None));
        return ((OpenPaystackOutcome.Opened)opened).AccountId;
    }

    public Task ReadCallbacksAsync()
        => App.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(TestContext.Current.CancellationToken);

    /// <summary>The RADIUS worker saw the device come online as the customer.</summary>
    public Task OpenSessionAsync(Guid customerId, string mac, long bytes = 0) => World.WriteAsync(async db =>
    {
        var now = World.Clock.GetUtcNow();
        var subscriptionId = await db.Subscriptions.Where(s => s.CustomerId == customerId).Select(s => s.Id).SingleAsync();
        return await db.Database.ExecuteSqlAsync($"""
            insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id, mac_address,
                started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds)
            values ({World.TenantId}, {Guid.CreateVersion7(now)}, {RouterId}, {customerId}, {subscriptionId}, {mac}, {mac}, {mac},
                {now}, {now}, 0, {bytes}, 0)
            """);
    });

    public Task CloseSessionsAsync() => World.WriteAsync(db => db.Database.ExecuteSqlAsync($"delete from open_sessions"));

    private static bool IsOurWorker(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.Namespace?.StartsWith("EasyIsp.", StringComparison.Ordinal) is true;

    private async Task<WebApplication> StartEmulatorsAsync()
    {
        var options = new DarajaEmulatorOptions { SameAmount = SameAmountRule.Off };
        options.Merchants.Add(new DarajaMerchant
        {
            ConsumerKey = "key-of-demo", ConsumerSecret = "secret-of-demo", ShortCode = "600111", Passkey = "demo-passkey-not-real",
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(World.Clock);
        builder.Services.AddDarajaEmulator(options);
        builder.Services.AddPaystackEmulator();
        var emulators = builder.Build();
        emulators.MapDarajaEmulator();
        emulators.MapPaystackEmulator();
        await emulators.StartAsync();
        return emulators;
    }

    private async Task SetUpAsync()
    {
        await World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount(
                "Paybill", $"{_emulators.Urls.Single()}/daraja", "600111", null, "key-of-demo", "secret-of-demo", "demo-passkey-not-real"),
            CancellationToken.None));
        var codec = World.Services.GetRequiredService<SecretCodec>();
        await World.WriteAsync(db =>
        {
            var now = World.Clock.GetUtcNow();
            var hour = Package.Create(
                World.TenantId, AccessType.Hotspot, new PackageTerms("One hour", 20, TimeSpan.FromHours(1), 5000, 2000), now);
            var day = Package.Create(
                World.TenantId,
                AccessType.Hotspot,
                new PackageTerms("Day & night", 80, TimeSpan.FromDays(1), 10_000, 5000, DataLimitBytes: 2_000_000_000, SimultaneousSessions: 2),
                now);
            var router = Router.Add(
                World.TenantId, "Main gate", IPAddress.Parse("127.0.1.1"), codec.Protect(World.TenantId, "radius-secret"), now);
            router.ServeHotspotAt("hs.savanna.example");
            db.AddRange(hour, day, router, PortalSite.Claim(Site, World.TenantId, router.Id));
            (HourId, DayId, RouterId) = (hour.Id, day.Id, router.Id);
            return Task.FromResult(0);
        });
    }

    /// <summary>A test server knows no network: the address is the one that the test's header names.</summary>
    private sealed class AddressOfTheTest : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, then) =>
            {
                if (IPAddress.TryParse(http.Request.Headers[Phone.AddressHeader], out var address))
                    http.Connection.RemoteIpAddress = address;
                return then(http);
            });
            next(app);
        };
    }
}
