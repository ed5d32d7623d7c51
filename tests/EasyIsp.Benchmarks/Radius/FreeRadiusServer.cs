using System.Diagnostics;
using EasyIsp.Benchmarks.Radius.Load;
using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>Debian's FreeRADIUS as a child process in the foreground, with a configuration and ports of its own.</summary>
internal sealed class FreeRadiusServer : IRadiusServer
{
    private const string Program = "/usr/sbin/freeradius";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _directory;

    private FreeRadiusServer(string name, Process process, string directory, LoadTarget target)
        => (Name, _process, _directory, Target) = (name, process, directory, target);

    public static bool IsInstalled => File.Exists(Program) && File.Exists("/usr/lib/freeradius/rlm_sql_postgresql.so");

    public string Name { get; }
    public int ProcessId => _process.Id;
    /// <summary>Each record is committed before it is acknowledged.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public LoadTarget Target { get; }

    /// <param name="database">Null: with its <c>files</c> module.</param>
    /// <exception cref="InvalidOperationException">It does not answer; the message has its log.</exception>
    public static async Task<FreeRadiusServer> StartAsync(string name, int customers, string? database, CancellationToken cancellationToken)
    {
        var target = new LoadTarget(ProductProcess.FreePort(), ProductProcess.FreePort(), RadiusRun.Routers, customers);
        var directory = Directory.CreateTempSubdirectory("easyisp-freeradius-").FullName;
        FreeRadiusConfiguration.Write(directory, target, database is null ? null : new NpgsqlConnectionStringBuilder(database));
        var process = Process.Start(new ProcessStartInfo(Program, ["-f", "-d", directory]) { WorkingDirectory = directory })!;
        var server = new FreeRadiusServer(name, process, directory, target);
        try
        {
            await server.AwaitAnswerAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AwaitAnswerAsync(CancellationToken cancellationToken)
    {
        await using var generator = LoadGenerator.Start(Target);
        var report = await generator.RunAsync(
            new LoadOrder(["pap"], 1, 1, Seconds: 60, IsOnce: true, PatienceMilliseconds: 100, Tries: (int)(StartPatience.TotalSeconds * 10)),
            cancellationToken);
        if (report.Answered != 1)
        {
            var log = Path.Combine(_directory, "radius.log");
            throw new InvalidOperationException(
                $"FreeRADIUS does not answer ({report.Fault}):\n{(File.Exists(log) ? await File.ReadAllTextAsync(log, cancellationToken) : "no log")}");
        }
    }
}
