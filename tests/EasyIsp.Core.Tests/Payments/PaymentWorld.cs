using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>A tenant that sells an hour for 20 and is paid through a provider of paper: the test says what the provider says.</summary>
internal sealed class PaymentWorld : IAsyncDisposable
{
    public const string Phone = "+254712345678";

    private PaymentWorld(World world, PaperDaraja daraja) => (World, Daraja) = (world, daraja);

    public World World { get; }
    public PaperDaraja Daraja { get; }
    public Guid HourId { get; private set; }
    public Guid RouterId { get; private set; }

    /// <param name="edges">More than the provider, where a test needs it.</param>
    public static async Task<PaymentWorld> OpenAsync(PostgresServer server, Action<IServiceCollection>? edges = null)
    {
        var daraja = new PaperDaraja();
        var world = await World.OpenAsync(server, services =>
        {
            services.AddSingleton<IDarajaClient>(daraja);
            services.AddSingleton(Options.Create(new PaymentsOptions { PublicUrl = "https://portal.example" }));
            services.AddSingleton<PromptSender>();
            services.AddSingleton<CallbackQueue>();
            edges?.Invoke(services);
        });
        var payments = new PaymentWorld(world, daraja);
        await payments.SetUpAsync();
        return payments;
    }

    public async Task<Guid> AskAsync(string phone = Phone, Guid? packageId = null)
    {
        var device = new WaitingDevice(RouterId, new DeviceAtHotspot("AA:BB:CC:00:11:22", IPAddress.Parse("10.5.50.20")));
        var outcome = await World.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(new PromptOrder(packageId ?? HourId, phone, device), CancellationToken.None));
        return ((PromptOutcome.Asked)outcome).RequestId;
    }

    /// <summary>A request whose prompt is on the payer's phone.</summary>
    public async Task<PaymentRequest> PromptedAsync(string phone = Phone)
    {
        var id = await AskAsync(phone);
        await SendAsync();
        return await RequestAsync(id);
    }

    public Task<int> SendAsync() => World.Services.GetRequiredService<PromptSender>().SendDueAsync(CancellationToken.None);

    public Task<int> AskAfterAsync() => World.Services.GetRequiredService<PendingPayments>().AskAsync(CancellationToken.None);

    /// <summary>Stores a callback as the endpoint does, and reads all that wait.</summary>
    public async Task<ProviderMessageOutcome?> CallBackAsync(PaymentRequest request, string body, string? path = null)
    {
        var before = await World.ReadAsync(db => db.ProviderMessages.Select(m => m.Id).ToListAsync());
        await StoreAsync(path ?? Daraja.CallbackOf(request.CheckoutRequestId!), body);
        await World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None);
        return await World.ReadAsync(db => db.ProviderMessages.Where(m => !before.Contains(m.Id)).Select(m => m.Outcome).SingleAsync());
    }

    public async Task StoreAsync(string path, string body)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var owner = await World.Services.GetRequiredService<CallbackAddresses>().FindAsync(parts[^2], CancellationToken.None);
        await World.AsTenantAsync<CallbackInbox, int>(owner!.TenantId, async inbox =>
        {
            await inbox.StoreAsync(owner, parts[^2], parts[^1], IPAddress.Loopback, Encoding.UTF8.GetBytes(body), CancellationToken.None);
            return 0;
        });
    }

    public static string Paid(PaymentRequest request, string receipt = "UA17K4M2QX", decimal? amount = null) => Body(request, 0, new JsonArray(
        Item("Amount", (double)(amount ?? request.Amount)),
        Item("MpesaReceiptNumber", receipt),
        new JsonObject { ["Name"] = "Balance" },
        Item("TransactionDate", 20260302120519),
        Item("PhoneNumber", 254712345678)));

    /// <summary>The callback of a prompt whose ids nobody on our side knows yet.</summary>
    public static string PaidBeforeAnswer(string checkoutRequestId, string receipt, decimal amount = 20, DateTimeOffset? at = null)
        => Body(MerchantOf(checkoutRequestId), checkoutRequestId, 0, new JsonArray(
            Item("Amount", (double)amount),
            Item("MpesaReceiptNumber", receipt),
            Item("TransactionDate", at is { } then ? long.Parse(then.InNairobi("yyyyMMddHHmmss"), CultureInfo.InvariantCulture) : 20260302120519)));

    public static string NotPaidBeforeAnswer(string checkoutRequestId, int code)
        => Body(MerchantOf(checkoutRequestId), checkoutRequestId, code, metadata: null);

    /// <summary>The till that is used from now on, beside the Paybill.</summary>
    public Task OpenTillAsync()
    {
        World.Clock.Advance(TimeSpan.FromSeconds(1)); // the newest account is the one in use
        return World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Till", "https://daraja.example", "600222", "555666", "key", "secret", "passkey"), CancellationToken.None));
    }

    public static string NotPaid(PaymentRequest request, int code = 1032) => Body(request, code, metadata: null);

    public Task<PaymentRequest> RequestAsync(Guid id) => World.ReadAsync(db => db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == id));

    public Task<List<Payment>> PaymentsAsync() => World.ReadAsync(db => db.Payments.AsNoTracking().ToListAsync());

    public Task<decimal> BalanceAsync(LedgerAccountKind kind) => World.ReadAsync(async db => await (
        from line in db.JournalLines
        join account in db.LedgerAccounts on line.AccountId equals account.Id
        where account.Kind == kind
        select line.Amount).SumAsync());

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private async Task SetUpAsync()
    {
        var codec = World.Services.GetRequiredService<SecretCodec>();
        await World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));
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

    private static string MerchantOf(string checkoutRequestId) => checkoutRequestId.Replace("ws_CO_", "m-", StringComparison.Ordinal);

    private static string Body(PaymentRequest request, int code, JsonArray? metadata)
        => Body(request.MerchantRequestId, request.CheckoutRequestId, code, metadata);

    private static string Body(string? merchantRequestId, string? checkoutRequestId, int code, JsonArray? metadata)
    {
        var callback = new JsonObject
        {
            ["MerchantRequestID"] = merchantRequestId,
            ["CheckoutRequestID"] = checkoutRequestId,
            ["ResultCode"] = code,
            ["ResultDesc"] = code == 0 ? "The service request is processed successfully." : "Request cancelled by user",
        };
        if (metadata is not null)
            callback["CallbackMetadata"] = new JsonObject { ["Item"] = metadata };
        return new JsonObject { ["Body"] = new JsonObject { ["stkCallback"] = callback } }.ToJsonString();
    }

    private static JsonObject Item(string name, JsonNode value) => new() { ["Name"] = name, ["Value"] = value };
}

/// <summary>A provider that accepts every prompt and answers what the test lays down.</summary>
internal sealed class PaperDaraja : IDarajaClient
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Uri> _callbacks = new();
    private int _prompts;

    public Func<StkPushOrder, PromptResult>? OnPush { get; set; }

    /// <summary>What happens between a prompt and the answer to its submission; gets the checkout id.</summary>
    public Func<string, Task>? BeforeAnswer { get; set; }

    public StkQueryResult Answer { get; set; } = new StkQueryResult.StillPending();
    public CredentialsCheck Check { get; set; } = new CredentialsCheck.Works();
    public int Pushes => _prompts;
    public int Queries { get; private set; }

    public string CallbackOf(string checkoutRequestId) => _callbacks[checkoutRequestId].AbsolutePath;

    public async Task<PromptResult> PushAsync(DarajaCredentials credentials, StkPushOrder order, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _prompts);
        var checkout = $"ws_CO_{number}";
        _callbacks[checkout] = order.CallbackUrl;
        if (BeforeAnswer is { } happens)
            await happens(checkout);
        return OnPush?.Invoke(order) ?? new PromptResult.Accepted($"m-{number}", checkout);
    }

    public Task<StkQueryResult> QueryAsync(DarajaCredentials credentials, string checkoutRequestId, CancellationToken cancellationToken)
    {
        Queries++;
        return Task.FromResult(Answer);
    }

    public Task<CredentialsCheck> CheckCredentialsAsync(DarajaCredentials credentials, CancellationToken cancellationToken)
        => Task.FromResult(Check);

    /// <summary>What was registered last.</summary>
    public C2bAddresses? Registered { get; private set; }

    public C2bRegistration Registration { get; set; } = new C2bRegistration.Registered();

    public Task<C2bRegistration> RegisterAsync(DarajaCredentials credentials, C2bAddresses addresses, CancellationToken cancellationToken)
    {
        Registered = addresses;
        return Task.FromResult(Registration);
    }
}
