using System.Globalization;
using EasyIsp.Testing;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>The two figures that payments are held to, each beside its goal.</summary>
internal static class PaymentsRun
{
    /// <param name="options"><c>--seconds=N</c> of confirmations, <c>--quick</c> for ten.</param>
    /// <returns>False when the books are wrong; a goal that was not met is told, and no failure.</returns>
    /// <exception cref="FormatException">There is no such option, or its value is no number.</exception>
    public static async Task<bool> RunAsync(IEnumerable<string> options, CancellationToken cancellationToken)
    {
        var seconds = 60;
        foreach (var option in options)
        {
            seconds = option.Split('=') switch
            {
                ["--quick"] => 10,
                ["--seconds", var number] => int.Parse(number, CultureInfo.InvariantCulture),
                _ => throw new FormatException($"There is no option '{option}'. There are: --quick, --seconds=N"),
            };
        }

        await using var server = new PostgresServer();
        await server.InitializeAsync();
        var initiations = await InitiationBench.RunAsync(server, cancellationToken);
        await Console.Out.WriteLineAsync(initiations.Text);
        var confirmations = await ConfirmationBench.RunAsync(server, seconds, cancellationToken);
        await Console.Out.WriteLineAsync(confirmations.Text);
        return initiations.IsRight && confirmations.IsRight;
    }

    public static string Verdict(bool isMet) => isMet ? "met" : "NOT MET";
}

internal sealed record BenchResult(string Text, bool IsRight);
