using System.Diagnostics;
using System.Globalization;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>
/// 500 people ask to pay at once: written, claimed, sent to a provider that answers at once, and its answer written. The
/// same SQL is then carried out barely, as parallel, on a copy of the database; what the way to an emulated Daraja
/// takes is measured beside it.
/// </summary>
internal sealed class InitiationBench(World world, Guid packageId)
{
    private const int Count = 500;
    private const int Rounds = 5;
    private const int SentAtOnce = 32;
    private const double Goal = 2;

    private int _people;

    public static async Task<BenchResult> RunAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        await using var world = await World.OpenAsync(server, services =>
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<IDarajaClient, InstantProvider>();
            services.AddSingleton(Options.Create(new PaymentsOptions { PublicUrl = "https://portal.example" }));
            services.AddSingleton<PromptSender>();
        });
        await world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), cancellationToken));
        var bench = new InitiationBench(world, await world.PackageAsync("Day", 50, days: 1, AccessType.Hotspot));
        return await bench.RunAsync(server, await ProviderAsync(cancellationToken), cancellationToken);
    }

    private async Task<BenchResult> RunAsync(PostgresServer server, TimeSpan provider, CancellationToken cancellationToken)
    {
        await InitiateAsync(cancellationToken);
        await world.Database.AnalyzeAsync(cancellationToken);
        List<TestDatabase> copies = [];
        for (var round = 0; round < Rounds; round++)
            copies.Add(await CopyAsync(server));
        var phases = await RecordAsync(cancellationToken);

        // By turns, so that what else the machine does is in both.
        List<(TimeSpan Asking, TimeSpan Sending)> ours = [];
        List<TimeSpan> bare = [];
        foreach (var copy in copies)
        {
            ours.Add(await InitiateAsync(cancellationToken));
            await using (var replay = new SqlReplay(copy, world.TenantId))
                bare.Add(await replay.RunAsync(phases, cancellationToken));
            await copy.DisposeAsync();
        }

        // Each round's prompts stay as they are: nobody settles them.
        var accepted = await world.ReadAsync(db => db.PaymentRequests.CountAsync(r => r.State == PaymentRequestState.Pending, cancellationToken));
        var (own, sql) = (Median(ours.Select(o => o.Asking + o.Sending)), Median(bare));
        var ratio = Median(ours.Zip(bare, (mine, alone) => (mine.Asking + mine.Sending) / alone));
        var statements = phases.Sum(phase => phase.Units.Sum(unit => unit.Commands.Count));
        return new BenchResult(string.Create(CultureInfo.InvariantCulture, $"""
            payments: {Count} prompts asked for at once, median of {Rounds}
              our own part            {own.TotalMilliseconds,8:0} ms (asking {Median(ours.Select(o => o.Asking)).TotalMilliseconds:0}, sending {Median(ours.Select(o => o.Sending)).TotalMilliseconds:0})
              its SQL alone           {sql.TotalMilliseconds,8:0} ms ({statements} statements in {phases.Sum(p => p.Units.Count)} transactions)
              the one in the other    {ratio,8:0.00} times    goal {Goal:0.0} at most: {PaymentsRun.Verdict(ratio <= Goal)}
              the provider's way      {provider.TotalMilliseconds,8:0} ms ({Count} pushes over HTTP to the emulated Daraja, {SentAtOnce} at once; not in our part)
              accepted                {accepted,8} of {_people} that were asked for, in all rounds
            """), IsRight: accepted == _people);
    }

    private async Task<(TimeSpan Asking, TimeSpan Sending)> InitiateAsync(CancellationToken cancellationToken)
    {
        var first = _people;
        _people += Count;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(first, Count).Select(person => world.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(new PromptOrder(packageId, $"+2547{person:00000000}"), cancellationToken))));
        var asking = watch.Elapsed;
        var sender = world.Services.GetRequiredService<PromptSender>();
        while (await sender.SendDueAsync(cancellationToken) > 0)
        {
        }

        return (asking, watch.Elapsed - asking);
    }

    private async Task<IReadOnlyList<SqlPhase>> RecordAsync(CancellationToken cancellationToken)
    {
        using var recorder = SqlRecorder.Start();
        await InitiateAsync(cancellationToken);
        var units = recorder.Units;
        List<SqlPhase> phases = [new(Count, [.. units.TakeWhile(unit => unit.Role == DatabaseRoles.App)])];
        // Each claim, and the deliveries that it leads to.
        foreach (var unit in units.Skip(phases[0].Units.Count))
        {
            if (unit.Role != DatabaseRoles.App)
                phases.AddRange([new SqlPhase(1, [unit]), new SqlPhase(SentAtOnce, [])]);
            else
                phases[^1] = phases[^1] with { Units = [.. phases[^1].Units, unit] };
        }

        return phases;
    }

    private async Task<TestDatabase> CopyAsync(PostgresServer server)
    {
        world.Services.GetRequiredService<AppDataSource>().Value.Clear();
        world.Services.GetRequiredService<PlatformDataSource>().Value.Clear();
        return await server.CopyAsync(world.Database);
    }

    /// <summary>What lies between our part and Safaricom's: client, HTTP, token.</summary>
    private static async Task<TimeSpan> ProviderAsync(CancellationToken cancellationToken)
    {
        await using var provider = await EmulatedProvider.StartAsync(new DarajaEmulatorOptions
        {
            Merchants = [new DarajaMerchant { ConsumerKey = "key", ConsumerSecret = "secret", ShortCode = "600111", Passkey = "passkey" }],
        }, cancellationToken);
        await using var services = new ServiceCollection().AddLogging().AddDaraja().BuildServiceProvider();
        var client = services.GetRequiredService<IDarajaClient>();
        var credentials = new DarajaCredentials
        {
            BaseUrl = provider.Address, ConsumerKey = "key", ConsumerSecret = "secret", ShortCode = "600111", Passkey = "passkey",
        };
        await PushAsync(0);
        var watch = Stopwatch.StartNew();
        await PushAsync(Count);
        return watch.Elapsed;

        Task PushAsync(int first) => Parallel.ForEachAsync(
            Enumerable.Range(first, Count),
            new ParallelOptions { MaxDegreeOfParallelism = SentAtOnce, CancellationToken = cancellationToken },
            async (person, token) => await client.PushAsync(
                credentials, new StkPushOrder($"+25471{person:0000}500", 50, "1042", "Internet", new Uri("https://portal.example/pay/cb/0/0")), token));
    }

    private static T Median<T>(IEnumerable<T> values) => values.Order().ElementAt(Rounds / 2);
}
