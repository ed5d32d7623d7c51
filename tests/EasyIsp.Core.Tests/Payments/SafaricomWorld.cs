using System.Net;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>
/// A tenant whose Paybill lies at the emulated Safaricom, on one clock: our client, its posts, our inbox. The Portal's part
/// is played by a receiver that stores what comes.
/// </summary>
internal sealed class SafaricomWorld : IAsyncDisposable
{
    public const string ShortCode = "600111";

    private EmulatorServer _server = null!;
    private int _stored;
    private int? _beforePaying;

    private SafaricomWorld()
    {
    }

    public World World { get; private set; } = null!;
    public DarajaEmulatorOptions Options { get; } = new();
    public Guid AccountId { get; private set; }
    public Guid HourId { get; private set; }
    public Guid RouterId { get; private set; }

    /// <summary>Whatever is posted to us is lost.</summary>
    public bool DropsEverything { get; set; }

    public DarajaEmulator Safaricom => _server.Services.GetRequiredService<DarajaEmulator>();
    public DarajaOrders Orders => _server.Services.GetRequiredService<DarajaOrders>();
    public DarajaMerchant Merchant => Options.Merchants.Single(m => m.ShortCode == ShortCode);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SafaricomWorld> OpenAsync(PostgresServer server)
    {
        var world = new SafaricomWorld();
        world.Options.Merchants.Add(new DarajaMerchant
        {
            ConsumerKey = "key-of-demo", ConsumerSecret = "secret-of-demo", ShortCode = ShortCode, Passkey = "demo-passkey-not-real",
        });
        world.Options.Merchants.Add(new DarajaMerchant
        {
            ConsumerKey = "key-of-other", ConsumerSecret = "secret-of-other", ShortCode = "600999", Passkey = "others-passkey",
        });
        var options = new LateOptions();
        world.World = await World.OpenAsync(server, services =>
        {
            services.AddSingleton<IOptions<PaymentsOptions>>(options);
            services.AddSingleton<PromptSender>();
            services.AddSingleton<OrderSender>();
            services.AddSingleton<CallbackQueue>();
        });
        world._server = await EmulatorServer.StartAsync(
            services => services.AddDarajaEmulator(world.Options), world.Map, Cancelled, world.World.Clock);
        options.Value = new PaymentsOptions { PublicUrl = world._server.Address.GetLeftPart(UriPartial.Authority) };
        await world.SetUpAsync();
        return world;
    }

    public Task SetInitiatorAsync(string? password = null) => World.AsTenantAsync<InitiatorDesk, SetInitiatorOutcome>(desk => desk.SetAsync(
        AccountId, Merchant.InitiatorName, password ?? Merchant.InitiatorPassword, Orders.Certificate.Der, Cancelled));

    /// <summary>An order as a feature writes it, with the rest of its unit of work.</summary>
    public async Task<Guid> OrderAsync(Func<Core.Persistence.IspDbContext, OrderBook, ProviderOrder> write)
        => (await World.WriteAsync(db => Task.FromResult(write(db, World.Services.GetRequiredService<OrderBook>())))).Id;

    public Task<ProviderOrder> FindAsync(Guid orderId)
        => World.ReadAsync(db => db.ProviderOrders.AsNoTracking().SingleAsync(o => o.Id == orderId, Cancelled));

    public Task<int> SendAsync() => World.Services.GetRequiredService<OrderSender>().SendDueAsync(Cancelled);

    /// <summary>Sends what waits, lets Safaricom carry it out, and reads what it posts.</summary>
    public async Task<ProviderOrder> CarryOutAsync(Guid orderId, int posts = 1)
    {
        var before = Volatile.Read(ref _stored);
        _beforePaying = null;
        await SendAsync();
        World.Clock.Advance(Options.OrderTakes);
        await ArrivedAsync(before + posts);
        await ReadAsync();
        return await FindAsync(orderId);
    }

    /// <summary>
    /// Time goes by, and so many posts of Safaricom arrive and are read. What it was made to post by <see cref="PayAsync"/> since
    /// the last time, or is by <paramref name="cause"/>, is among them however soon it came.
    /// </summary>
    public async Task PassAsync(TimeSpan time, int posts = 0, Action? cause = null)
    {
        var before = _beforePaying ?? Volatile.Read(ref _stored);
        _beforePaying = null;
        cause?.Invoke();
        World.Clock.Advance(time);
        await ArrivedAsync(before + posts);
        await ReadAsync();
    }

    public Task<int> ReadAsync() => World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(Cancelled);

    /// <summary>A customer pays from the menu of his phone.</summary>
    public async Task<string> PayAsync(string account, decimal amount, string msisdn = "254712345678", string shortCode = ShortCode)
    {
        _beforePaying ??= Volatile.Read(ref _stored);
        return (await _server.Services.GetRequiredService<DarajaC2b>().PayAsync(shortCode, msisdn, amount, account, Cancelled))!.Receipt;
    }

    public async Task<PaymentRequest> PromptedAsync(string phone)
    {
        var device = new WaitingDevice(RouterId, new DeviceAtHotspot("AA:BB:CC:00:11:22", IPAddress.Parse("10.5.50.20")));
        var asked = (PromptOutcome.Asked)await World.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(new PromptOrder(HourId, phone, device), Cancelled));
        await World.Services.GetRequiredService<PromptSender>().SendDueAsync(Cancelled);
        return await World.ReadAsync(db => db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == asked.RequestId, Cancelled));
    }

    public Task<decimal> BalanceAsync(LedgerAccountKind kind) => World.ReadAsync(async db => await (
        from line in db.JournalLines
        join account in db.LedgerAccounts on line.AccountId equals account.Id
        where account.Kind == kind
        select line.Amount).SumAsync(Cancelled));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await World.DisposeAsync();
    }

    private void Map(WebApplication app)
    {
        app.MapDarajaEmulator();
        app.MapPost("/pay/{way}/{accountKey}/{key}", async (string way, string accountKey, string key, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            if (!DropsEverything)
                await StoreAsync(way, accountKey, key, body.ToArray());
            Interlocked.Increment(ref _stored);
            return Results.Json(new { ResultCode = 0, ResultDesc = "Accepted" });
        });
    }

    private async Task StoreAsync(string way, string accountKey, string key, byte[] body)
    {
        var owner = await World.Services.GetRequiredService<CallbackAddresses>().FindAsync(accountKey, Cancelled)
            ?? throw new InvalidOperationException("Nobody has this address.");
        await using var scope = World.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(owner.TenantId);
        var inbox = scope.ServiceProvider.GetRequiredService<CallbackInbox>();
        await (way switch
        {
            "cb" => inbox.StoreAsync(owner, accountKey, key, IPAddress.Loopback, body, Cancelled),
            "in" => inbox.StoreConfirmationAsync(owner, IPAddress.Loopback, body, Cancelled),
            "res" => inbox.StoreResultAsync(owner, accountKey, key, ProviderMessageKind.Result, IPAddress.Loopback, body, Cancelled),
            "out" => inbox.StoreResultAsync(owner, accountKey, key, ProviderMessageKind.TimedOut, IPAddress.Loopback, body, Cancelled),
            _ => throw new InvalidOperationException(way),
        });
    }

    private async Task ArrivedAsync(int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (Volatile.Read(ref _stored) < count)
            await Task.Delay(10, patience.Token);
    }

    private async Task SetUpAsync()
    {
        var opened = (OpenAccountOutcome.Opened)await World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", new Uri(_server.Address, "/daraja").AbsoluteUri, ShortCode, null, "key-of-demo", "secret-of-demo", "demo-passkey-not-real"),
            Cancelled));
        AccountId = opened.AccountId;
        var codec = World.Services.GetRequiredService<SecretCodec>();
        await World.WriteAsync(db =>
        {
            var now = World.Clock.GetUtcNow();
            var hour = Package.Create(World.TenantId, AccessType.Hotspot, new PackageTerms("One hour", 20, TimeSpan.FromHours(1), 5000, 2000), now);
            var router = Router.Add(World.TenantId, "Main gate", IPAddress.Parse("127.0.1.1"), codec.Protect(World.TenantId, "radius-secret"), now);
            db.AddRange(hour, router);
            (HourId, RouterId) = (hour.Id, router.Id);
            return Task.FromResult(0);
        });
    }

    /// <summary>The address is known only when the server runs.</summary>
    private sealed class LateOptions : IOptions<PaymentsOptions>
    {
        public PaymentsOptions Value { get; set; } = new() { PublicUrl = "" };
    }
}
