using System.Diagnostics;
using System.Globalization;
using EasyIsp.Testing;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>The same load for the product's RADIUS worker and for FreeRADIUS, one after the other, on one machine and one PostgreSQL.</summary>
internal sealed class RadiusRun(RunSettings settings, string admin)
{
    /// <summary>Each has an address, a socket and a thread of the generator.</summary>
    public const int Routers = 8;

    private readonly Dictionary<string, IReadOnlyDictionary<string, Measurement>> _measured = [];
    private bool _isWrong;

    /// <returns>False when an answer was wrong or missing; speed is no failure.</returns>
    public static async Task<bool> RunAsync(IEnumerable<string> options, CancellationToken cancellationToken)
    {
        var settings = RunSettings.Parse(options);
        await using var server = new PostgresServer();
        await server.InitializeAsync();
        await using var world = await World.OpenAsync(server);
        var run = new RadiusRun(settings, world.Database.Admin);
        await run.MeasureAsync(world, cancellationToken);
        return !run._isWrong;
    }

    private async Task MeasureAsync(World world, CancellationToken cancellationToken)
    {
        Say($"radius: {settings.Customers:N0} customers, {Routers} routers, {Environment.ProcessorCount} processors shared by server, database and generator");
        var watch = Stopwatch.StartNew();
        await EasyIspSeed.FillAsync(world, settings.Customers, cancellationToken);
        Say($"  customers written in {watch.Elapsed.TotalSeconds:0} s");

        var (easyIsp, firstAnswer) = await EasyIspServer.StartAsync(world, settings.Customers, cancellationToken);
        await using (easyIsp)
        {
            Say($"  EasyISP gave its first answer {firstAnswer.TotalSeconds:0.00} s after its start");
            await MeasureAsync(easyIsp, Phase.Of(settings), cancellationToken);
        }

        if (!settings.IsAlone)
            await MeasureFreeRadiusAsync(world, cancellationToken);
        Say(Scoreboard.Print(_measured, firstAnswer));
    }

    private async Task MeasureFreeRadiusAsync(World world, CancellationToken cancellationToken)
    {
        if (!FreeRadiusServer.IsInstalled)
        {
            Say("  FreeRADIUS is not installed (Debian: freeradius, freeradius-postgresql): no comparison.");
            return;
        }

        await using (var seed = await FreeRadiusSeed.FillAsync(world.Database, settings.Customers, cancellationToken))
        await using (var sql = await FreeRadiusServer.StartAsync(Scoreboard.Sql, settings.Customers, seed.ConnectionString, cancellationToken))
            await MeasureAsync(sql, Phase.Of(settings), cancellationToken);

        await using var files = await FreeRadiusServer.StartAsync(Scoreboard.Files, settings.Customers, database: null, cancellationToken);
        await MeasureAsync(
            files, [.. Phase.Of(settings).Where(phase => phase.Name is Phase.Pap or Phase.Chap or Phase.MsChap or Phase.Start or Phase.Interim)], cancellationToken);
    }

    private async Task MeasureAsync(IRadiusServer server, IReadOnlyList<Phase> phases, CancellationToken cancellationToken)
    {
        var postmaster = await ProcessMeter.PostmasterAsync(admin, cancellationToken);
        var measured = new Dictionary<string, Measurement>();
        await using var generator = LoadGenerator.Start(server.Target);
        Say($"\n  {server.Name}\n  {"",-22}{"answers/s",10}{"p50 ms",9}{"p99 ms",9}{"max ms",9}  {"CPU s per 1,000: server",24}{"database",10}{"generator",11}{"MiB",7}{"settled ms",12}");
        foreach (var phase in phases)
        {
            if (phase.WarmUp is { } warmUp)
            {
                await generator.RunAsync(warmUp, cancellationToken);
                await server.SettleAsync(cancellationToken);
            }

            var (serverCpu, databaseCpu) = (ProcessMeter.CpuSecondsOf(server.ProcessId), ProcessMeter.CpuSecondsOfFamily(postmaster));
            var load = await generator.RunAsync(phase.Order, cancellationToken);
            var watch = Stopwatch.StartNew();
            await server.SettleAsync(cancellationToken);
            var measurement = new Measurement(
                load,
                ProcessMeter.CpuSecondsOf(server.ProcessId) - serverCpu,
                ProcessMeter.CpuSecondsOfFamily(postmaster) - databaseCpu,
                watch.Elapsed,
                ProcessMeter.MemoryOf(server.ProcessId).NowMebibytes);
            measured[phase.Name] = measurement;
            Show(phase, measurement);
        }

        _measured[server.Name] = measured;
    }

    private void Show(Phase phase, Measurement measured)
    {
        var load = measured.Load;
        Say($"  {phase.Name,-22}{load.PerSecond,10:N0}{load.P50Milliseconds,9:0.00}{load.P99Milliseconds,9:0.00}{load.MaxMilliseconds,9:0.0}  "
            + $"{measured.ServerCpuSeconds * 1000 / load.Answered,24:0.000}{measured.DatabaseCpuSeconds * 1000 / load.Answered,10:0.000}"
            + $"{load.CpuSeconds * 1000 / load.Answered,11:0.000}{measured.Mebibytes,7:0}{measured.Settled.TotalMilliseconds,12:0}");
        if (load.Repeated > 0 || load.Lost > 0)
            Say($"    {load.Repeated} sent again, {load.Lost} never answered");
        if (load.Wrong > 0)
            Say($"    {load.Wrong} WRONG ANSWERS, first: {load.Fault}");
        _isWrong |= load.Wrong > 0 || load.Answered == 0;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Say(string line) => Console.WriteLine(line);
}
