using System.Diagnostics;
using EasyIsp.Testing;
using EasyIsp.Testing.Chaos;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>Ten thousand people pay while the Portal is killed five times; the books are compared with the provider's statement.</summary>
internal static class PaymentChaosRun
{
    private const int Count = 10_000;
    private const int Kills = 5;

    /// <exception cref="InvalidOperationException">The books differ from the statement.</exception>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        await server.InitializeAsync();
        await using var chaos = await PaymentChaos.OpenAsync(server, cancellationToken);
        var watch = Stopwatch.StartNew();
        var report = await chaos.RunAsync(Count, Kills, cancellationToken);
        await Console.Out.WriteLineAsync(FormattableString.Invariant($"""
            payments: {Count} prompts, the Portal killed {Kills} times, {watch.Elapsed.TotalSeconds:0} s
              provider's statement   {report.Statement,12:N2} in {report.StatementLines} payments
              ledger                 {report.Ledger,12:N2} in {report.Payments} payments
              sales                  {report.Sales,12:N2} in {report.Purchases} purchases
              difference             {report.Statement - report.Ledger,12:N2}
              callbacks stored {report.Messages}, flagged {report.Flagged}, submissions without an answer {report.Unknown}
            """));
        if (report.Statement != report.Ledger || report.StatementLines != report.Payments || report.Payments != report.Purchases)
            throw new InvalidOperationException("The books differ from the provider's statement.");
    }
}
