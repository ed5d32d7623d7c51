using System.Collections.Concurrent;

namespace EasyIsp.Emulators.Routers;

/// <summary>Work nobody waits for but the router's end: accounting packets, sign-ins that the API does not wait for.</summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _ending = new();

    public CancellationToken Ending => _ending.Token;

    public void Track(Task task)
    {
        _running[task] = true;
        _ = ForgetAsync(task);
    }

    /// <summary>Waits for what is under way.</summary>
    public Task FinishAsync(CancellationToken cancellationToken) => Task.WhenAll(_running.Keys).WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await Task.WhenAll(_running.Keys);
        }
        catch (OperationCanceledException)
        {
            // What was under way ends with the router.
        }

        _ending.Dispose();
    }

    private async Task ForgetAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!task.IsFaulted)
            _running.TryRemove(task, out _);
    }
}
