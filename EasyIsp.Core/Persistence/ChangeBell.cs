namespace EasyIsp.Core.Persistence;

/// <summary>Wakes a worker when rows of a table changed, for any tenant or for one; rings that come while it works become one.</summary>
public sealed class ChangeBell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly IDisposable _subscription;
    private readonly TimeProvider _clock;

    public ChangeBell(ChangeFeed feed, string table, TimeProvider clock, Guid? tenantId = null)
    {
        _clock = clock;
        _subscription = feed.Subscribe(change =>
        {
            if (change.IsEverything || (change.Table == table && (tenantId is null || change.TenantId == tenantId)))
                Ring();
        });
    }

    /// <returns>When it rings, or when <paramref name="atMost"/> has passed: what was missed is then found by looking.</returns>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(atMost, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _rung.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The pause is over.
        }
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _rung.Dispose();
    }

    private void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has rung already.
        }
        catch (ObjectDisposedException)
        {
            // The last ring of a feed that did not yet know.
        }
    }
}
