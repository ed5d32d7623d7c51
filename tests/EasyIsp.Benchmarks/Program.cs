using EasyIsp.Benchmarks.Payments;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

string[] wanted = args.Length == 0 ? ["payments"] : args;
foreach (var name in wanted)
{
    switch (name)
    {
        case "payments":
            await PaymentChaosRun.RunAsync(interrupted.Token);
            break;
        default:
            await Console.Error.WriteLineAsync($"There is no benchmark '{name}'. There is: payments.");
            return 2;
    }
}

return 0;
