namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>A command that waits for its <c>!done</c>, and for a sign of life within the time limit until then.</summary>
internal sealed class PendingCommand : IDisposable
{
    // Asynchronous continuations: the caller must not run on the reader loop.
    private readonly TaskCompletionSource<RouterOsResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IReadOnlyDictionary<string, string>> _rows = [];
    private readonly TimeSpan _silence;
    private readonly ITimer _timer;
    private RouterOsReply? _trap;

    public PendingCommand(TimeSpan silence, TimeProvider clock, Action onSilence)
    {
        _silence = silence;
        _timer = clock.CreateTimer(_ => onSilence(), null, silence, Timeout.InfiniteTimeSpan);
    }

    public Task<RouterOsResult> Completion => _result.Task;

    /// <summary>Ignores types it does not know: <c>!empty</c> came with 7.18 and broke clients (mikrotik.md 1.3).</summary>
    public void Take(RouterOsReply reply)
    {
        _timer.Change(_silence, Timeout.InfiniteTimeSpan);
        switch (reply.Type)
        {
            case RouterOsReply.Row:
                _rows.Add(reply.Attributes);
                break;
            case RouterOsReply.Trap:
                _trap ??= reply;
                break;
            case RouterOsReply.Done when _trap is not null:
                _result.TrySetException(_trap.ToRefusal());
                break;
            case RouterOsReply.Done:
                _result.TrySetResult(new RouterOsResult(_rows, reply.Attributes.GetValueOrDefault("ret")));
                break;
        }
    }

    public void Fail(RouterOsException reason) => _result.TrySetException(reason);

    public void Dispose() => _timer.Dispose();
}

/// <param name="Value">What <c>!done</c> carried as <c>ret</c>: a new row's id, a count.</param>
internal sealed record RouterOsResult(IReadOnlyList<IReadOnlyDictionary<string, string>> Rows, string? Value);
