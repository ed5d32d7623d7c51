using EasyIsp.Radius.Sessions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Spool;

/// <summary>Brings what is on disk into the database, in its order, as soon as that takes it.</summary>
internal sealed partial class SpoolReplay(
    AccountingSpool spool,
    SessionStore store,
    Places places,
    SpoolMetrics metrics,
    IOptions<RadiusOptions> options,
    TimeProvider clock,
    ILogger<SpoolReplay> logger) : BackgroundService
{
    /// <summary>The most that one transaction carries.</summary>
    public const int AtOnce = 1000;

    /// <summary>
    /// Of the time, so much is left to others who want something of the database: the more there is to write, the longer it
    /// gathers, and the more of it becomes one row.
    /// </summary>
    private const int PauseForWork = 3;

    /// <summary>Of what can be remembered; then it is not waited for any longer.</summary>
    private const double Much = 0.5;

    /// <summary>And then it is to be added to more slowly.</summary>
    private const double TooMuch = 0.8;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(300);

    /// <summary>Of a group.</summary>
    private static readonly TimeSpan LongestBrake = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _hasStepped = new();
    private bool _isAway;

    /// <summary>
    /// For who adds to the spool: the fuller its memory is the slower he adds, so that it need not be read from disk; and
    /// when more waits than is remembered, no faster than it empties. But routers do not wait for a database that is away,
    /// or has gone silent.
    /// </summary>
    public void KeepPace(CancellationToken cancellationToken)
    {
        var fullness = spool.Fullness;
        if (fullness <= TooMuch || Volatile.Read(ref _isAway))
            return;

        _hasStepped.Reset();
        _hasStepped.Wait(
            fullness < 1 ? TimeSpan.FromTicks((long)(LongestBrake.Ticks * (fullness - TooMuch) / (1 - TooMuch))) : options.Value.DatabasePatience,
            cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _hasStepped.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lasted = TimeSpan.Zero;
        while (true)
        {
            await spool.WaitAsync(stoppingToken);
            await GatherAsync(lasted, stoppingToken);
            try
            {
                var began = clock.GetTimestamp();
                await ReplayOldestAsync(stoppingToken);
                lasted = clock.GetElapsedTime(began);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The outermost loop: the segment stays, and is written again from its beginning.
                LogStillAway(spool.Records, exception.Message);
                Volatile.Write(ref _isAway, true);
                _hasStepped.Set();
                await Task.Delay(PauseAfterFailure, clock, stoppingToken);
            }
        }
    }

    /// <summary>Until there is much: nobody who adds should have to wait for it.</summary>
    private async Task GatherAsync(TimeSpan lasted, CancellationToken cancellationToken)
    {
        var step = options.Value.SpoolPause;
        if (step <= TimeSpan.Zero)
            return;

        for (var left = TimeSpan.FromTicks(Math.Clamp(lasted.Ticks * PauseForWork, step.Ticks, LongestPause.Ticks));
            left > TimeSpan.Zero && spool.Fullness < Much;
            left -= step)
            await Task.Delay(left < step ? left : step, clock, cancellationToken);
    }

    private async Task ReplayOldestAsync(CancellationToken cancellationToken)
    {
        // What ends from here on may be answered, and is not among what is written now.
        var ended = places.BeginReading();
        try
        {
            var taken = spool.Take();
            var refused = new List<RefusedNews>();
            foreach (var chunk in taken.News.Chunk(AtOnce))
            {
                await StoreAsync(chunk, ended, refused, cancellationToken);
                _hasStepped.Set();
            }

            spool.Settle(taken, refused);
            Tell(taken, refused.Count);
        }
        finally
        {
            places.EndReading(ended);
        }
    }

    private void Tell(SpooledNews taken, int refused)
    {
        metrics.Replayed(taken.Count - refused);
        metrics.Refused(refused);
        metrics.SetAside(taken.Damaged.Count);
        if (!_isAway)
            return;

        LogReplayed(taken.Count - refused, spool.Records);
        Volatile.Write(ref _isAway, !spool.IsEmpty);
    }

    /// <param name="refused">What the database does not take for its contents: it must not hold up the others for ever.</param>
    private async Task StoreAsync(
        SessionNews[] chunk, IReadOnlySet<Guid> ended, List<RefusedNews> refused, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(chunk, ended, cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData && chunk.Length > 1)
        {
            foreach (var news in chunk)
                await StoreAsync([news], ended, refused, cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData)
        {
            refused.Add(new RefusedNews(chunk[0], exception.SqlState));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounting records wait on disk; the database does not take them ({Reason})")]
    private partial void LogStillAway(long count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} accounting records were brought from disk into the database; {Left} are left")]
    private partial void LogReplayed(int count, long left);
}
