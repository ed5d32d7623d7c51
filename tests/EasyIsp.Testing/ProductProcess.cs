using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace EasyIsp.Testing;

/// <summary>One process of the product as it is delivered: its own program, its own port, killed when told.</summary>
public sealed class ProductProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    private readonly string _program;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private Process? _process;

    private ProductProcess(string project, Uri address, IReadOnlyDictionary<string, string> environment)
    {
        _program = ProgramOf(project);
        Address = address;
        _environment = environment;
    }

    public Uri Address { get; }

    /// <summary>Of the running process.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException("It does not run.");

    /// <summary>What it wrote, oldest first.</summary>
    public IEnumerable<string> Output => _output;

    /// <param name="project">As <c>EasyIsp.Portal</c> or <c>tests/EasyIsp.Emulators</c>.</param>
    /// <param name="environment">Beside the machine's own.</param>
    public static async Task<ProductProcess> StartAsync(
        string project, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, Uri? address = null)
    {
        var process = new ProductProcess(project, address ?? new Uri($"http://127.0.0.1:{FreePort()}"), environment);
        try
        {
            await process.StartAsync(cancellationToken);
            return process;
        }
        catch
        {
            // What did not become ready must not stay behind and hold its port.
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the product to its end.</summary>
    /// <exception cref="InvalidOperationException">It ended badly; the message has what it wrote.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string project, string command, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var run = new ProductProcess(project, new Uri("http://127.0.0.1:1"), environment);
        using var process = run.Launch(command);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? [.. run._output]
            : throw new InvalidOperationException($"{project} {command} ended with {process.ExitCode}:\n{run.Tail()}");
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = Launch();
        var patience = Stopwatch.StartNew();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process.HasExited || patience.Elapsed > StartPatience)
                throw new InvalidOperationException($"{Path.GetFileName(_program)} did not become ready:\n{Tail()}");
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>SIGKILL: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process)
            return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _http.Dispose();
    }

    /// <summary>A port that nobody has at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc cref="FreePort"/>
    public static int FreeUdpPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private Process Launch(string? command = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path.GetDirectoryName(_program)!,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(_program);
        if (command is not null)
            start.ArgumentList.Add(command);
        start.Environment["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;

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
        if (line is not null)
            _output.Enqueue(line);
    }

    private string Tail() => string.Join('\n', _output.TakeLast(30));

    /// <summary>The product as this very build made it: same configuration as the tests.</summary>
    private static string ProgramOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));
        var program = Path.Combine(root, project, "bin", output.Parent!.Name, output.Name, Path.GetFileName(project) + ".dll");
        return File.Exists(program) ? program : throw new InvalidOperationException($"{program} has not been built.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
