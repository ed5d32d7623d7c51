using System.Runtime.InteropServices;
using EasyIsp.Benchmarks.Accounting;
using EasyIsp.Benchmarks.Codec;
using EasyIsp.Benchmarks.Payments;
using EasyIsp.Benchmarks.Radius;
using EasyIsp.Benchmarks.Radius.Load;

if (args is [LoadProgram.Name, var target])
{
    LoadProgram.Run(target);
    return 0;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
// The processes that a benchmark starts are its to end, so it ends by unwinding.
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    interrupted.Cancel();
});

string[] names = [.. args.Where(argument => !argument.StartsWith('-'))];
string[] options = [.. args.Except(names)];
if (names.Length == 0)
    names = ["payments", "chaos", "accounting", "radius"];
try
{
    foreach (var name in names)
    {
        switch (name)
        {
            case "payments":
                if (!await PaymentsRun.RunAsync(options, interrupted.Token))
                    return 1;
                break;
            case "chaos":
                if (!await ChaosRun.RunAsync(options, interrupted.Token))
                    return 1;
                break;
            case "accounting":
                await AccountingRun.RunAsync(interrupted.Token);
                break;
            case "radius":
                if (!await RadiusRun.RunAsync(options, interrupted.Token))
                    return 1;
                break;
            case "codec":
                CodecRun.Run(isQuick: options.Contains("--quick"));
                break;
            default:
                await Console.Error.WriteLineAsync($"There is no benchmark '{name}'. There are: payments, chaos, accounting, radius, codec.");
                return 2;
        }
    }

    return 0;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
