using System.Diagnostics;
using System.Text.Json;
using EasyIsp.Benchmarks.Radius.Load;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>The generator: this program once more, in a process of its own, so that it shares no heap and no threads with what measures.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private readonly Process _process;

    private LoadGenerator(Process process) => _process = process;

    public static LoadGenerator Start(LoadTarget target)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(LoadGenerator).Assembly.Location, LoadProgram.Name, JsonSerializer.Serialize(target) },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new LoadGenerator(Process.Start(start)!);
    }

    /// <exception cref="InvalidOperationException">The generator died.</exception>
    public async Task<LoadReport> RunAsync(LoadOrder order, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The load generator ended.");
        return JsonSerializer.Deserialize<LoadReport>(line)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
