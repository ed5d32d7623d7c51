using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Web.Api.Events;

/// <summary>
/// Reads a tenant's news once for all of its streams: as soon as the database announces that sessions began or ended, and
/// every second for what is not announced. What was sent is remembered for as long as it may be read again.
/// </summary>
internal sealed partial class TenantFeed(Guid tenantId, IServiceScopeFactory scopes, ChangeFeed changes, TimeProvider clock, ILogger logger)
    : IDisposable
{
    /// <summary>How far a reading looks back: the longest that an ordinary transaction is open before it shows.</summary>
    private static readonly TimeSpan Lookback = TimeSpan.FromSeconds(3);

    /// <summary>So far back looks every <see cref="LongLookEvery"/>, and whoever resumes: transactions are not open for longer.</summary>
    public static readonly TimeSpan LongLookback = TimeSpan.FromMinutes(1);

    /// <summary>Sessions that begin now were let in so long ago at most; a router that reports late is found by the long look.</summary>
    private static readonly TimeSpan BeginsWithin = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongLookEvery = TimeSpan.FromSeconds(15);
    /// <summary>Most of what a look finds is known already; so much at once is a network that comes back as a whole.</summary>
    private const int Most = 50_000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly List<EventStream> _streams = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ids of what the last readings found, and when it happened.</summary>
    private readonly Dictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);

    private long _heardUntil;
    private DateTimeOffset _longLookAt;

    /// <summary>All that was written before has been offered to the streams.</summary>
    public DateTimeOffset HeardUntil => new(Volatile.Read(ref _heardUntil), TimeSpan.Zero);

    /// <summary>Ends when what happens from now on will be offered.</summary>
    public Task Begun => _begun.Task;

    public int Count
    {
        get
        {
            lock (_gate)
                return _streams.Count;
        }
    }

    public int CountOf(Guid tokenId)
    {
        lock (_gate)
            return _streams.Count(stream => stream.TokenId == tokenId);
    }

    public void Add(EventStream stream)
    {
        lock (_gate)
            _streams.Add(stream);
    }

    /// <returns>True when it was the last.</returns>
    public bool Remove(EventStream stream)
    {
        lock (_gate)
        {
            _streams.Remove(stream);
            return _streams.Count == 0;
        }
    }

    /// <summary>Ends when the feed is disposed of.</summary>
    public async Task FollowAsync()
    {
        var ending = _ending.Token;
        using var bell = new ChangeBell(changes, "open_sessions", clock, tenantId);
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await LookAsync(ending);
                _begun.TrySetResult();
                await Task.Delay(Pause, clock, ending);
                await bell.WaitAsync(Beat, ending);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // The last stream has gone.
            }
            catch (Exception exception)
            {
                // The outermost loop: what follows is found by the next look.
                LogLost(exception);
                await Task.Delay(Beat, clock, CancellationToken.None);
            }
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    /// <summary>Tells what is new; the first look only learns what is old.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isFirst = !_begun.Task.IsCompleted;
        var isLong = isFirst || now >= _longLookAt + LongLookEvery;
        var since = (isFirst ? now : HeardUntil) - (isLong ? LongLookback : Lookback);
        var batch = await ReadAsync(since, isLong ? null : since - BeginsWithin, cancellationToken);
        foreach (var happened in batch.Events)
            _known[happened.Id] = happened.At;
        if (!isFirst)
            Tell(batch);
        if (isLong)
        {
            _longLookAt = now;
            Forget(batch.ReadAt - LongLookback - LongLookback);
        }

        Volatile.Write(ref _heardUntil, batch.ReadAt.UtcTicks);
    }

    /// <summary>A scope of its own, as a job's.</summary>
    private async Task<EventBatch> ReadAsync(DateTimeOffset since, DateTimeOffset? begunSince, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        return await scope.ServiceProvider.GetRequiredService<EventReader>().ReadAsync(since, begunSince, Most, _known.ContainsKey, cancellationToken);
    }

    private void Tell(EventBatch batch)
    {
        EventStream[] streams;
        lock (_gate)
            streams = [.. _streams];
        foreach (var stream in streams)
        {
            if (batch.IsTooMuch)
                stream.Reset(batch.ReadAt);
            foreach (var happened in batch.Events)
                stream.Offer(happened);
        }
    }

    private void Forget(DateTimeOffset before)
    {
        foreach (var old in _known.Where(known => known.Value < before).Select(known => known.Key).ToList())
            _known.Remove(old);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The news of a tenant could not be read; its event streams wait")]
    private partial void LogLost(Exception exception);
}
