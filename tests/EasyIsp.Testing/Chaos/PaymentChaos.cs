using System.Text;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Testing.Chaos;

/// <summary>
/// Many people pay at once while everything goes wrong: callbacks doubled, late, out of order, lost and forged, and the
/// Portal killed on the way. Afterwards the books must say what the provider's own statement says.
/// </summary>
public sealed class PaymentChaos : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongerThanAnOutage = TimeSpan.FromSeconds(30);

    /// <summary>After the last kill: the payer's own time, the late callback, and some to read it.</summary>
    private static readonly TimeSpan LastWord = LongerThanAnOutage + TimeSpan.FromSeconds(20);

    private readonly World _world;
    private readonly WebApplication _provider;
    private readonly DarajaEmulator _daraja;
    private readonly ProductProcess _portal;
    private readonly HttpClient _forger = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Random _random = new(4711);
    private readonly Lock _drawing = new();
    private readonly List<DateTimeOffset> _kills = [];
    private Guid _packageId;

    private PaymentChaos(World world, WebApplication provider, ProductProcess portal)
    {
        (_world, _provider, _portal) = (world, provider, portal);
        _daraja = provider.Services.GetRequiredService<DarajaEmulator>();
    }

    public static async Task<PaymentChaos> OpenAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        var world = await World.OpenAsync(server, services => services.AddSingleton(TimeProvider.System));
        var provider = await StartProviderAsync(cancellationToken);
        var certificate = await world.WriteKeyRingCertificateAsync(cancellationToken);
        var address = new Uri($"http://127.0.0.1:{ProductProcess.FreePort()}");
        var environment = world.ProcessEnvironment(certificate);
        environment["Portal__PublicUrl"] = address.GetLeftPart(UriPartial.Authority);
        var portal = await ProductProcess.StartAsync("EasyIsp.Portal", environment, cancellationToken, address);
        var chaos = new PaymentChaos(world, provider, portal);
        await chaos.SetUpAsync(cancellationToken);
        return chaos;
    }

    /// <param name="count">People who are asked to pay, a tenth of whom refuse.</param>
    /// <param name="kills">How often the Portal is killed and started again on the way.</param>
    public async Task<ChaosReport> RunAsync(int count, int kills, CancellationToken cancellationToken)
    {
        _daraja.CallbackPlan = PlanCallbacks;
        var asking = AskAllAsync(count, cancellationToken);
        for (var kill = 0; kill < kills; kill++)
        {
            await WaitAsync(() => Task.FromResult(_daraja.Prompts.Count >= count * (kill + 1) / (kills + 2)), cancellationToken);
            await ForgeAsync(cancellationToken);
            lock (_drawing)
                _kills.Add(TimeProvider.System.GetUtcNow());
            await _portal.KillAsync();
            await _portal.StartAsync(cancellationToken);
        }

        await asking;
        await SettleAllAsync(count, cancellationToken);
        return await ReportAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _provider.DisposeAsync();
        await _world.DisposeAsync();
        _forger.Dispose();
    }

    private async Task AskAllAsync(int count, CancellationToken cancellationToken)
        => await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (number, token) => await _world.AsTenantAsync<Prompts, PromptOutcome>(
                prompts => prompts.AskWalkInAsync(new PromptOrder(_packageId, PhoneOf(number)), token)));

    /// <summary>
    /// A third come twice, late or out of order. What comes while the Portal is down is lost, for the provider tries
    /// once; of a prompt whose submission the kill itself cut off only a callback can tell, so those come again later.
    /// </summary>
    private TimeSpan[] PlanCallbacks(StkPrompt prompt)
    {
        lock (_drawing)
        {
            TimeSpan[] plan = _random.Next(60) switch
            {
                < 8 => [TimeSpan.Zero, TimeSpan.FromMilliseconds(_random.Next(3_000))],
                < 14 => [TimeSpan.FromMilliseconds(_random.Next(8_000)), TimeSpan.FromMilliseconds(_random.Next(8_000)), TimeSpan.Zero],
                < 20 => [TimeSpan.FromSeconds(5 + _random.Next(10))],
                _ => [TimeSpan.FromMilliseconds(_random.Next(300))],
            };
            var wasCutOff = _kills.Exists(kill => prompt.SentAt > kill.AddSeconds(-3) && prompt.SentAt < kill.AddSeconds(3));
            return wasCutOff ? [.. plan, LongerThanAnOutage] : plan;
        }
    }

    /// <summary>Somebody who has learnt a callback address tries to be credited.</summary>
    private async Task ForgeAsync(CancellationToken cancellationToken)
    {
        foreach (var prompt in _daraja.Prompts.Where(prompt => prompt.ResultCode is not null).TakeLast(5))
        {
            var address = prompt.Request.CallbackUrl;
            var truth = _daraja.Callbacks.BodyOf(prompt).ToJsonString();
            await PostAsync(address, truth.Replace(prompt.CheckoutRequestId, "ws_CO_forged", StringComparison.Ordinal), cancellationToken);
            await PostAsync(new Uri(address.AbsoluteUri[..^6] + "000000"), truth, cancellationToken);
            await PostAsync(address, "{\"Body\":{\"stkCallback\":{}}}", cancellationToken);
        }
    }

    private async Task PostAsync(Uri address, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _forger.PostAsync(address, content, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What callbacks did not settle is asked after, as the job does in Web.</summary>
    private Task SettleAllAsync(int count, CancellationToken cancellationToken) => WaitAsync(async () =>
    {
        await _world.Services.GetRequiredService<PendingPayments>().AskAsync(cancellationToken);
        return TimeProvider.System.GetUtcNow() > _kills.Max() + LastWord && await _world.ReadAsync(async db =>
            await db.PaymentRequests.CountAsync(cancellationToken) == count
            && !await db.PaymentRequests.AnyAsync(
                r => r.State == PaymentRequestState.Created || r.State == PaymentRequestState.Submitting || r.State == PaymentRequestState.Pending,
                cancellationToken)
            && !await db.ProviderMessages.AnyAsync(m => m.ProcessedAt == null, cancellationToken));
    }, cancellationToken);

    private Task<ChaosReport> ReportAsync(CancellationToken cancellationToken) => _world.ReadAsync(async db => new ChaosReport(
        Statement: _daraja.Statement.Total,
        Ledger: await GeneralLedger.BalanceAsync(
            db, AccountRef.MobileMoney(await db.PaymentAccounts.Select(a => a.Id).SingleAsync(cancellationToken)), cancellationToken),
        Sales: -await GeneralLedger.BalanceAsync(db, AccountRef.Sales, cancellationToken),
        StatementLines: _daraja.Statement.Lines.Count,
        Payments: await db.Payments.CountAsync(cancellationToken),
        Purchases: await db.Purchases.CountAsync(cancellationToken),
        Messages: await db.ProviderMessages.CountAsync(cancellationToken),
        Flagged: await db.ProviderMessages.CountAsync(
            m => m.Outcome == ProviderMessageOutcome.UnknownRequest || m.Outcome == ProviderMessageOutcome.Malformed, cancellationToken),
        Unknown: await db.PaymentRequests.CountAsync(r => r.State == PaymentRequestState.SubmittedUnknown, cancellationToken)));

    private static async Task WaitAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!await condition())
            await Task.Delay(200, patience.Token);
    }

    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", $"{_provider.Urls.Single()}/daraja", "600111", null, "key", "secret", "passkey"), cancellationToken));
        _packageId = await _world.WriteAsync(db =>
        {
            var package = Package.Create(
                _world.TenantId, AccessType.Hotspot, new PackageTerms("Day", 50, TimeSpan.FromDays(1), 5000, 2000), TimeProvider.System.GetUtcNow());
            db.Packages.Add(package);
            return Task.FromResult(package.Id);
        });
    }

    private static async Task<WebApplication> StartProviderAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDarajaEmulator(new DarajaEmulatorOptions
        {
            Merchants = [new DarajaMerchant { ConsumerKey = "key", ConsumerSecret = "secret", ShortCode = "600111", Passkey = "passkey" }],
            // The Portal and the job in this process each fetch tokens; that theirs kill each other is tested elsewhere.
            NewTokenKillsPrevious = false,
        });
        var provider = builder.Build();
        provider.MapDarajaEmulator();
        await provider.StartAsync(cancellationToken);
        return provider;
    }

    /// <summary>Every tenth refuses (…032, mpesa.md 3.11); the others' endings trigger nothing.</summary>
    private static string PhoneOf(int number)
        => number % 10 == 0 ? $"+2547{number / 10 % 10_000:0000}9032"[..13] : $"+2547{number / 300:00000}{500 + number % 300}";
}

/// <summary>The books beside the provider's statement.</summary>
/// <param name="Unknown">Requests whose submission the kill cut off and of which the provider never spoke: it did not get them, or the payer refused.</param>
public sealed record ChaosReport(
    decimal Statement,
    decimal Ledger,
    decimal Sales,
    int StatementLines,
    int Payments,
    int Purchases,
    int Messages,
    int Flagged,
    int Unknown);
