using System.Diagnostics;
using System.Globalization;
using EasyIsp.Benchmarks.Radius.Load;
using EasyIsp.Testing;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>The product's RADIUS worker, as it is delivered, on a database of the run's.</summary>
internal sealed class EasyIspServer : IRadiusServer
{
    private readonly ProductProcess _process;
    private readonly DirectoryInfo _spool;

    private EasyIspServer(ProductProcess process, DirectoryInfo spool, LoadTarget target)
        => (_process, _spool, Target) = (process, spool, target);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public string Name => "EasyISP";
    public int ProcessId => _process.Id;
    public LoadTarget Target { get; }

    /// <summary>What it said of itself, for when something went wrong.</summary>
    public IEnumerable<string> Output => _process.Output;

    /// <returns>The server, and how long after its launch it gave the first answer.</returns>
    public static async Task<(EasyIspServer Server, TimeSpan FirstAnswer)> StartAsync(World world, int customers, CancellationToken cancellationToken)
    {
        var target = new LoadTarget(ProductProcess.FreePort(), ProductProcess.FreePort(), RadiusRun.Routers, customers);
        var environment = world.ProcessEnvironment(await world.WriteKeyRingCertificateAsync(cancellationToken));
        environment["Radius__AuthPort"] = target.AuthPort.ToString(CultureInfo.InvariantCulture);
        environment["Radius__AcctPort"] = target.AcctPort.ToString(CultureInfo.InvariantCulture);
        var spool = Directory.CreateTempSubdirectory("easyisp-bench-spool-");
        environment["Radius__SpoolPath"] = spool.FullName;

        await using var generator = LoadGenerator.Start(target);
        // Its first order is its own warming up, to nobody.
        await generator.RunAsync(new LoadOrder(["pap"], 1, 1, IsOnce: true, PatienceMilliseconds: 100, Tries: 2), cancellationToken);
        var watch = Stopwatch.StartNew();
        var starting = ProductProcess.StartAsync("EasyIsp.Radius", environment, cancellationToken);
        await generator.RunAsync(
            new LoadOrder(["pap"], 1, 1, Seconds: 60, IsOnce: true, PatienceMilliseconds: 20, Tries: 3000), cancellationToken);
        var firstAnswer = watch.Elapsed;
        return (new EasyIspServer(await starting, spool, target), firstAnswer);
    }

    /// <summary>Until nothing is left on disk that the database does not have.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (_spool.EnumerateFiles("*.spool").Any())
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _spool.Delete(recursive: true);
    }
}
