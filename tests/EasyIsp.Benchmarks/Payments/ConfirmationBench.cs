using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EasyIsp.Benchmarks.Radius;
using EasyIsp.Benchmarks.Radius.Load;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Customer = EasyIsp.Core.Customers.Customer;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>
/// M-Pesa confirms 200 payments a second to the Portal's own door, whether it keeps up or not; each is of one of a
/// thousand customers, whose wallets must hold them to the shilling.
/// </summary>
internal sealed class ConfirmationBench(World world, HttpClient mpesa, Uri address) : IDisposable
{
    private const int ASecond = 200;
    private const int Customers = 1_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What may still wait when the last has been sent: less is what is being read at that moment.</summary>
    private const int MayWait = ASecond;

    private Latencies _answers = new();
    private readonly Dictionary<string, DateTimeOffset> _sent = [];
    private readonly Lock _gate = new();
    private decimal _total;
    private int _refused;

    public static async Task<BenchResult> RunAsync(PostgresServer server, int seconds, CancellationToken cancellationToken)
    {
        await using var world = await World.OpenAsync(server, services => services.AddSingleton(TimeProvider.System));
        var environment = world.ProcessEnvironment(await world.WriteKeyRingCertificateAsync(cancellationToken));
        // As prepare sets it.
        foreach (var role in new[] { "ConnectionStrings__App", "ConnectionStrings__Platform" })
            environment[role] += ";Maximum Pool Size=8";
        var portalAddress = new Uri($"http://127.0.0.1:{ProductProcess.FreePort()}");
        environment["Portal__PublicUrl"] = portalAddress.GetLeftPart(UriPartial.Authority);
        await using var portal = await ProductProcess.StartAsync("EasyIsp.Portal", environment, cancellationToken, portalAddress);
        using var mpesa = new HttpClient();
        using var bench = new ConfirmationBench(world, mpesa, await SetUpAsync(world, portalAddress, cancellationToken));
        await bench.SendAsync(WarmUp, cancellationToken);
        await bench.DrainAsync(cancellationToken);
        bench._answers = new Latencies(); // the warming up is booked and counted, and not measured
        await world.Database.AnalyzeAsync(cancellationToken);
        var postmaster = await ProcessMeter.PostmasterAsync(world.Database.Admin, cancellationToken);
        var (portalCpu, databaseCpu) = (ProcessMeter.CpuSecondsOf(portal.Id), ProcessMeter.CpuSecondsOfFamily(postmaster));
        var began = TimeProvider.System.GetUtcNow();
        await bench.SendAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
        var report = await bench.ReportAsync(began, seconds, cancellationToken);
        (portalCpu, databaseCpu) = (ProcessMeter.CpuSecondsOf(portal.Id) - portalCpu, ProcessMeter.CpuSecondsOfFamily(postmaster) - databaseCpu);
        var thousands = seconds * ASecond / 1_000d;
        return report with
        {
            Text = string.Create(CultureInfo.InvariantCulture,
                $"{report.Text}\n  CPU of a thousand           {portalCpu / thousands,8:0.00} s the Portal's, {databaseCpu / thousands:0.00} s the database's"),
        };
    }

    public void Dispose() => mpesa.Dispose();

    private static async Task<Uri> SetUpAsync(World world, Uri portal, CancellationToken cancellationToken)
    {
        var opened = (OpenAccountOutcome.Opened)await world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), cancellationToken));
        await world.WriteAsync(db =>
        {
            for (var number = 1; number <= Customers; number++)
            {
                db.Customers.Add(Customer.Register(
                    world.TenantId, number, AccessType.Pppoe, new CustomerProfile($"Customer {number}", null), $"c{number}", null, TimeProvider.System.GetUtcNow()));
            }

            return Task.FromResult(0);
        });
        var codec = world.Services.GetRequiredService<SecretCodec>();
        var key = await world.ReadAsync(db => db.PaymentAccounts.Where(a => a.Id == opened.AccountId).Select(a => a.CallbackKey).SingleAsync(cancellationToken));
        return C2bRegistrations.AddressesAt(portal, codec.Reveal(world.TenantId, key)).Confirmation;
    }

    /// <summary>Open loop: each goes out at its time, however many are still to be answered.</summary>
    private async Task SendAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        List<Task> sending = [];
        var watch = Stopwatch.StartNew();
        var count = (int)(duration.TotalSeconds * ASecond);
        while (sending.Count < count)
        {
            var due = (int)Math.Min(count, (watch.Elapsed.TotalSeconds * ASecond) + 1);
            while (sending.Count < due)
                sending.Add(ConfirmAsync(cancellationToken));
            await Task.Delay(1, cancellationToken);
        }

        await Task.WhenAll(sending);
    }

    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Next()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var watch = Stopwatch.StartNew();
        using var answer = await mpesa.PostAsync(address, content, cancellationToken);
        lock (_gate)
        {
            _answers.Add(watch.Elapsed);
            _refused += answer.IsSuccessStatusCode ? 0 : 1;
        }
    }

    /// <summary>mpesa.md, 4.2.</summary>
    private string Next()
    {
        lock (_gate)
        {
            var now = TimeProvider.System.GetUtcNow();
            var number = _sent.Count + 1;
            var receipt = string.Create(CultureInfo.InvariantCulture, $"UB{number:00000000}");
            var amount = 20 + (number % 500);
            _sent[receipt] = now;
            _total += amount;
            return new JsonObject
            {
                ["TransactionType"] = "Pay Bill",
                ["TransID"] = receipt,
                ["TransTime"] = now.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
                ["TransAmount"] = amount.ToString("0.00", CultureInfo.InvariantCulture),
                ["BusinessShortCode"] = "600111",
                ["BillRefNumber"] = $"{1 + (number % Customers)}",
                ["MSISDN"] = "2547 ***** 678",
                ["FirstName"] = "JANE",
            }.ToJsonString();
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (await WaitingAsync(cancellationToken) is > 0 and var waiting)
        {
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"{waiting} confirmations still waited after {Patience.TotalSeconds:0} s.");
            await Task.Delay(50, cancellationToken);
        }
    }

    private Task<int> WaitingAsync(CancellationToken cancellationToken)
        => world.ReadAsync(db => db.ProviderMessages.CountAsync(m => m.ProcessedAt == null, cancellationToken));

    private async Task<BenchResult> ReportAsync(DateTimeOffset began, int seconds, CancellationToken cancellationToken)
    {
        var waited = await WaitingAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        await DrainAsync(cancellationToken);
        var drained = watch.Elapsed;
        var booked = await world.ReadAsync(db => db.Payments.Select(p => new { p.Receipt, p.RecordedAt }).ToListAsync(cancellationToken));
        var lags = new Latencies();
        foreach (var payment in booked.Where(payment => _sent[payment.Receipt!] >= began))
            lags.Add(payment.RecordedAt - _sent[payment.Receipt!]);
        var payments = await world.ReadAsync(db => db.Payments.SumAsync(p => p.Amount, cancellationToken));
        var ledger = await SumAsync(LedgerAccountKind.MobileMoney, cancellationToken);
        var wallets = -await SumAsync(LedgerAccountKind.Wallet, cancellationToken);
        var isExact = booked.Count == _sent.Count && (payments, ledger, wallets) == (_total, _total, _total);
        return new BenchResult(string.Create(CultureInfo.InvariantCulture, $"""
            payments: {ASecond} confirmations a second for {seconds} s at the Portal's door, {_answers.Count} in all
              answered p50 / p99 / max    {_answers.Percentile(0.5).TotalMilliseconds,8:0.0} / {_answers.Percentile(0.99).TotalMilliseconds:0.0} / {_answers.Max.TotalMilliseconds:0.0} ms, {_refused} refused
              booked p50 / p99 / max      {lags.Percentile(0.5).TotalMilliseconds,8:0.0} / {lags.Percentile(0.99).TotalMilliseconds:0.0} / {lags.Max.TotalMilliseconds:0.0} ms after sending
              waited at the end           {waited,8} , none {drained.TotalMilliseconds:0} ms later    goal {MayWait} at most: {PaymentsRun.Verdict(waited <= MayWait && _refused == 0)}
              sent                        {_total,12:N2}
              payments                    {payments,12:N2} in {booked.Count}
              ledger                      {ledger,12:N2}, wallets {wallets:N2}    goal the same: {PaymentsRun.Verdict(isExact)}
            """), isExact);
    }

    private Task<decimal> SumAsync(LedgerAccountKind kind, CancellationToken cancellationToken) => world.ReadAsync(db => (
        from line in db.JournalLines
        join account in db.LedgerAccounts on line.AccountId equals account.Id
        where account.Kind == kind
        select line.Amount).SumAsync(cancellationToken));
}
