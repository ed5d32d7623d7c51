using EasyIsp.Core.Persistence;

namespace EasyIsp.Web.Blocks;

/// <summary>
/// Hears of changes to some tables of one tenant, or of the platform, and says so, at most every half second: the first change at once, all
/// that follow together. What is not announced (traffic, that a router was heard) is looked at in a steady beat.
/// </summary>
internal sealed class LiveWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Func<Task> _onChange;
    private readonly TimeProvider _clock;
    private readonly IDisposable _subscription;
    private readonly ITimer? _beat;
    private DateTimeOffset _lastTold;
    private ITimer? _timer;
    private bool _isOver;

    /// <param name="tenantId">Null on the platform's own pages; what belongs to no tenant is heard on all.</param>
    /// <param name="every">Says so without any change too; null does not.</param>
    public LiveWatch(
        ChangeFeed changes, TimeProvider clock, Guid? tenantId, IReadOnlyCollection<string> tables, TimeSpan? every, Func<Task> onChange)
    {
        (_clock, _onChange, _lastTold) = (clock, onChange, clock.GetUtcNow());
        _subscription = changes.Subscribe(change =>
        {
            if (change.IsEverything || ((change.TenantId == tenantId || change.IsOfPlatform) && tables.Contains(change.Table)))
                Note();
        });
        if (every is { } beat)
            _beat = clock.CreateTimer(_ => Tell(), null, beat, beat);
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _beat?.Dispose();
        lock (_gate)
        {
            _isOver = true;
            _timer?.Dispose();
        }
    }

    private void Note()
    {
        lock (_gate)
        {
            if (_isOver || _timer is not null)
                return;

            var wait = _lastTold + Pause - _clock.GetUtcNow();
            _timer = _clock.CreateTimer(_ => Tell(), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            _lastTold = _clock.GetUtcNow();
            if (_isOver)
                return;
        }

        _ = _onChange();
    }
}
