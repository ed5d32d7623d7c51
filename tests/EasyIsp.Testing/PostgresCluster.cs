using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace EasyIsp.Testing;

/// <summary>
/// A PostgreSQL of a run's own, that writes to disk as in service, and may be killed. PostgreSQL refuses to run as root: its
/// own system user runs it then.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly string _programs;
    private readonly string _root;
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly int _port = ProductProcess.FreePort();
    private Process? _process;

    private PostgresCluster(string programs, string root) => (_programs, _root) = (programs, root);

    /// <summary>How its superuser reaches it.</summary>
    public string Admin => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Password={_password};Database=postgres");

    private static bool IsRoot => Environment.UserName == "root";
    private string Data => Path.Combine(_root, "data");

    public static async Task<PostgresCluster> StartNewAsync(CancellationToken cancellationToken)
    {
        var root = Directory.CreateTempSubdirectory("easyisp-chaos-").FullName;
        var cluster = new PostgresCluster(FindPrograms(), root);
        try
        {
            await cluster.MakeAsync(cancellationToken);
            await cluster.StartAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until it takes connections: after a kill it first replays what it had written ahead.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            if (_process is not { HasExited: false })
                _process = Launch("postgres", "-D", Data);
            if (await AnswersAsync(cancellationToken))
                return;
            if (patience.Elapsed > StartPatience)
                throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync(Path.Combine(_root, "log"), cancellationToken)}");
            // Processes of the one that was killed may still be there for a moment, and it does not start beside them.
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>SIGKILL to its first process; the others notice and go.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        await DeleteAsync();
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        var password = Path.Combine(_root, "password");
        await File.WriteAllTextAsync(password, _password, cancellationToken);
        if (IsRoot)
            await RunAsync(Process.Start("chown", ["-R", "postgres:", _root]), cancellationToken);
        await RunAsync(
            Launch("initdb", "-D", Data, "--username=postgres", $"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
            cancellationToken);
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            port = {_port}
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            shared_buffers = 256MB
            max_connections = 200
            logging_collector = off
            """), cancellationToken);
    }

    private Process Launch(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        // setpriv becomes the program, so that the id is PostgreSQL's own.
        var start = IsRoot
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = _root;
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_root)
            File.AppendAllLines(Path.Combine(_root, "log"), [line]);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{Admin};Pooling=false;Timeout=2");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>The last processes of a killed server may be writing for a moment yet.</summary>
    private async Task DeleteAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(_root, recursive: true);
                return;
            }
            catch (IOException) when (tries < 20)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task RunAsync(Process process, CancellationToken cancellationToken)
    {
        using (process)
        {
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}.");
        }
    }

    /// <summary>The newest that is installed, where Debian puts it, else of the path.</summary>
    private static string FindPrograms()
    {
        var directories = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var installed = directories.Select(directory => Path.Combine(directory, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Where(directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")));
        return installed.OrderByDescending(VersionOf).FirstOrDefault()
            ?? throw new InvalidOperationException("PostgreSQL's programs are not installed.");
    }

    private static int VersionOf(string programs)
        => int.TryParse(Path.GetFileName(Path.GetDirectoryName(programs)), CultureInfo.InvariantCulture, out var major) ? major : 0;
}
