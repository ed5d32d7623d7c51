namespace EasyIsp.Radius.Process;

/// <summary>
/// Where requests wait that need the database: so many have their turn at once, and of those who wait the next is taken
/// tenant by tenant and, within a tenant, router by router. However long one company's storm is, another's request
/// waits for one of it.
/// </summary>
/// <param name="atOnce">Turns at once.</param>
/// <param name="patience">Whoever has waited for longer gets none: his router has given up, or asked elsewhere.</param>
internal sealed class FairLine(int atOnce, TimeSpan patience, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Rotation<Rotation<Queue<Waiting>>> _waiting = new(() => new Rotation<Queue<Waiting>>(() => []));
    private int _busy;
    private int _length;

    /// <summary>How many wait.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Whoever is given a turn ends it with <see cref="Leave"/>.</summary>
    /// <returns>False when it came too late.</returns>
    public ValueTask<bool> EnterAsync(Guid tenantId, Guid routerId)
    {
        lock (_lock)
        {
            if (_busy < atOnce)
            {
                _busy++;
                return ValueTask.FromResult(true);
            }

            var waiting = new Waiting(clock.GetTimestamp());
            _waiting.At(tenantId).At(routerId).Enqueue(waiting);
            _length++;
            return new ValueTask<bool>(waiting.Turn.Task);
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            while (TryTake() is { } next)
            {
                var isInTime = clock.GetElapsedTime(next.Since) <= patience;
                next.Turn.SetResult(isInTime);
                if (isInTime)
                    return;
            }

            _busy--;
        }
    }

    private Waiting? TryTake()
    {
        if (!_waiting.TryNext(out var tenant) || !tenant.TryNext(out var router))
            return null;

        var next = router.Dequeue();
        _length--;
        if (router.Count == 0)
            tenant.RemoveLast();
        if (tenant.IsEmpty)
            _waiting.RemoveLast();
        return next;
    }

    private sealed record Waiting(long Since)
    {
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lines by key, each having its turn after the other.</summary>
    private sealed class Rotation<TLine>(Func<TLine> create) where TLine : class
    {
        private readonly Dictionary<Guid, TLine> _lines = [];
        private readonly LinkedList<Guid> _turns = [];

        public bool IsEmpty => _lines.Count == 0;

        public TLine At(Guid key)
        {
            if (_lines.TryGetValue(key, out var line))
                return line;

            _turns.AddLast(key);
            return _lines[key] = create();
        }

        /// <summary>The line whose turn it is; it is the last one now.</summary>
        public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TLine? line)
        {
            line = null;
            if (_turns.First is not { } first)
                return false;

            _turns.RemoveFirst();
            _turns.AddLast(first);
            line = _lines[first.Value];
            return true;
        }

        /// <summary>The line that had its turn just now.</summary>
        public void RemoveLast()
        {
            _lines.Remove(_turns.Last!.Value);
            _turns.RemoveLast();
        }
    }
}
