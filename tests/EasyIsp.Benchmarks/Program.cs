using EasyIsp.Benchmarks.Accounting;
using EasyIsp.Benchmarks.Payments;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

string[] wanted = args.Length == 0 ? ["payments", "accounting"] : args;
foreach (var name in wanted)
{
    switch (name)
    {
        case "payments":
            await PaymentChaosRun.RunAsync(interrupted.Token);
            break;
        case "accounting":
            await AccountingRun.RunAsync(interrupted.Token);
            break;
        default:
            await Console.Error.WriteLineAsync($"There is no benchmark '{name}'. There are: payments, accounting.");
            return 2;
    }
}

return 0;
