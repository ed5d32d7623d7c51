using System.Diagnostics;
using System.Globalization;
using EasyIsp.Testing.Chaos;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>Ten thousand payments over all rails while Portal, Web and PostgreSQL are killed; then the books are laid beside the provider's statement.</summary>
internal static class ChaosRun
{
    /// <param name="options"><c>--payments=N</c>, <c>--kills=N</c>, <c>--seed=N</c>.</param>
    /// <returns>False when the books differ from the statement.</returns>
    /// <exception cref="FormatException">There is no such option, or its value is no number.</exception>
    public static async Task<bool> RunAsync(IEnumerable<string> options, CancellationToken cancellationToken)
    {
        var (payments, kills, seed) = (10_000, 12, 1);
        foreach (var option in options)
        {
            (payments, kills, seed) = option.Split('=') switch
            {
                ["--quick"] => (1_000, 6, seed),
                ["--payments", var number] => (int.Parse(number, CultureInfo.InvariantCulture), kills, seed),
                ["--kills", var number] => (payments, int.Parse(number, CultureInfo.InvariantCulture), seed),
                ["--seed", var number] => (payments, kills, int.Parse(number, CultureInfo.InvariantCulture)),
                _ => throw new FormatException($"There is no option '{option}'. There are: --quick, --payments=N, --kills=N, --seed=N"),
            };
        }

        await using var chaos = await PaymentChaos.OpenAsync(seed, cancellationToken);
        var watch = Stopwatch.StartNew();
        var report = await chaos.RunAsync(payments, kills, cancellationToken);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"chaos: {payments} payments, {kills} kills, seed {seed}, {watch.Elapsed.TotalSeconds:0} s\n{report}"));
        await Console.Out.WriteLineAsync(report.IsZeroDifference ? "  zero difference" : "  THE BOOKS DIFFER FROM THE STATEMENT");
        return report.IsZeroDifference;
    }
}
