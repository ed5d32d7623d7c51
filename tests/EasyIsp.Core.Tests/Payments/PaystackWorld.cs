using System.Net;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Paystack;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Paystack;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>A tenant that is paid through the emulated Paystack, on one clock. Its events are the test's to deliver.</summary>
internal sealed class PaystackWorld : IAsyncDisposable
{
    public const string Key = "sk_test_savanna";
    public const string Company = "billing@savanna.example";

    private EmulatorServer _server = null!;

    private PaystackWorld()
    {
    }

    public World World { get; private set; } = null!;
    public Guid AccountId { get; private set; }
    public Guid HourId { get; private set; }
    public Guid RouterId { get; private set; }
    public PaystackBusiness Business { get; } = new(Key);
    public PaystackEmulator Paystack => _server.Services.GetRequiredService<PaystackEmulator>();
    public Uri Address => new(_server.Address, "/paystack");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<PaystackWorld> OpenAsync(PostgresServer server)
    {
        var world = new PaystackWorld
        {
            World = await World.OpenAsync(server, services =>
            {
                services.AddSingleton(Options.Create(new PaymentsOptions { PublicUrl = "https://portal.example" }));
                services.AddSingleton<PromptSender>();
                services.AddSingleton<CallbackQueue>();
            }),
        };
        world._server = await EmulatorServer.StartAsync(
            services => services.AddPaystackEmulator(), app => app.MapPaystackEmulator(), Cancelled, world.World.Clock);
        world.Paystack.Businesses.Add(world.Business);
        await world.SetUpAsync();
        return world;
    }

    public Task<OpenPaystackOutcome> OpenAccountAsync(string key = Key) => World.AsTenantAsync<PaystackAccounts, OpenPaystackOutcome>(
        accounts => accounts.OpenAsync(new NewPaystackAccount("Paystack", Address.AbsoluteUri, key, Company), Cancelled));

    public async Task<PaymentRequest> PromptedAsync(string phone)
    {
        var device = new WaitingDevice(RouterId, new DeviceAtHotspot("AA:BB:CC:00:11:22", IPAddress.Parse("10.5.50.20")));
        var asked = (PromptOutcome.Asked)await World.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(new PromptOrder(HourId, phone, device), Cancelled));
        await World.Services.GetRequiredService<PromptSender>().SendDueAsync(Cancelled);
        return await RequestAsync(asked.RequestId);
    }

    public Task<int> AskAfterAsync() => World.Services.GetRequiredService<PendingPayments>().AskAsync(Cancelled);

    public PaystackCharge ChargeOf(PaymentRequest request) => Paystack.Find(request.CheckoutRequestId!)!;

    /// <summary>What Paystack tells of the request, signed as Paystack does.</summary>
    public Task<bool> TellAsync(PaymentRequest request)
        => StoreAsync(PaystackEmulator.EventOf(ChargeOf(request)), PaystackEmulator.SignatureOf(PaystackEmulator.EventOf(ChargeOf(request)), Key));

    public Task<bool> StoreAsync(byte[] body, string? signature) => World.AsTenantAsync<CallbackInbox, bool>(inbox => inbox.StoreSignedAsync(
        new CallbackOwner(World.TenantId, AccountId), name => name == PaystackSignature.Header ? signature : null, IPAddress.Loopback, body, Cancelled));

    public Task<int> ReadAsync() => World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(Cancelled);

    public Task<PaymentRequest> RequestAsync(Guid id) => World.ReadAsync(db => db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == id, Cancelled));

    public Task<List<Payment>> PaymentsAsync() => World.ReadAsync(db => db.Payments.AsNoTracking().ToListAsync(Cancelled));

    public Task<List<ProviderMessage>> MessagesAsync()
        => World.ReadAsync(db => db.ProviderMessages.AsNoTracking().OrderBy(m => m.Id).ToListAsync(Cancelled));

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task SetUpAsync()
    {
        AccountId = ((OpenPaystackOutcome.Opened)await OpenAccountAsync()).AccountId;
        var codec = World.Services.GetRequiredService<SecretCodec>();
        await World.WriteAsync(db =>
        {
            var now = World.Clock.GetUtcNow();
            var hour = Package.Create(
                World.TenantId, AccessType.Hotspot, new PackageTerms("One hour", 20, TimeSpan.FromHours(1), 5000, 2000), now);
            var router = Router.Add(
                World.TenantId, "Main gate", IPAddress.Parse("127.0.1.1"), codec.Protect(World.TenantId, "radius-secret"), now);
            db.AddRange(hour, router);
            (HourId, RouterId) = (hour.Id, router.Id);
            return Task.FromResult(0);
        });
    }
}
