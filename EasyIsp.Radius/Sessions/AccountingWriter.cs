using System.Threading.Channels;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Spool;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Makes accounting durable in groups: what arrives while one group is being written is the next. Whoever waits for his
/// news waits for its commit, or, while the database is away, for the disk. As long as anything waits on disk, all that
/// comes joins it there, so that it is written in its order.
/// </summary>
internal sealed partial class AccountingWriter(
    SessionStore store,
    AccountingSpool spool,
    SpoolReplay replay,
    IOptions<RadiusOptions> options,
    TimeProvider clock,
    ILogger<AccountingWriter> logger) : BackgroundService
{
    /// <summary>The most that one statement carries.</summary>
    public const int MaxGroup = 500;

    /// <summary>So few are answered by the thread that wrote them: handing them to another costs more.</summary>
    private const int Few = 4;

    /// <summary>Whoever brings the first to an idle writer sends it to the database himself, and no thread has to be woken for it.</summary>
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    /// <summary>Completes when the news is durable; cancelled when the worker stops before.</summary>
    /// <exception cref="NotRecordedException">It is not.</exception>
    public Task WriteAsync(SessionNews news)
    {
        var waiting = new Waiting(news, new TaskCompletionSource());
        return _waiting.Writer.TryWrite(waiting)
            ? waiting.Durable.Task
            : Task.FromCanceled(new CancellationToken(canceled: true));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(MaxGroup);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                if (options.Value.AccountingPause > TimeSpan.Zero)
                    await Task.Delay(options.Value.AccountingPause, clock, stoppingToken);
                while (group.Count < MaxGroup && _waiting.Reader.TryRead(out var next))
                    group.Add(next);

                await WriteGroupAsync(group, stoppingToken);
                group.Clear();
            }
        }
        finally
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var left))
                group.Add(left);
            Tell(group, waiting => waiting.Durable.TrySetCanceled(stoppingToken));
        }
    }

    private async Task WriteGroupAsync(List<Waiting> group, CancellationToken cancellationToken)
    {
        if (!spool.IsEmpty)
        {
            await Task.Yield(); // whoever brought it does not wait for the disk
            await replay.KeepPaceAsync(cancellationToken);
        }

        if (!spool.IsEmpty)
        {
            Spool(group, why: null);
            return;
        }

        try
        {
            await StoreAsync(group.ConvertAll(waiting => waiting.News), cancellationToken);
            Complete(group);
        }
        catch (PostgresException exception) when (exception.IsOfData() && group.Count > 1)
        {
            // One of them cannot be stored: the others must not suffer for it.
            LogSingly(exception.SqlState, group.Count);
            foreach (var waiting in group)
                await WriteGroupAsync([waiting], cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData())
        {
            LogRefused(exception.SqlState, group[0].News.RouterId);
            Fail(group, new NotRecordedException($"the database refused it ({exception.SqlState})"));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost catch of one group: it is kept on disk, and the next group is tried.
            Spool(group, exception.Message);
        }
    }

    /// <summary>A database that does not answer is as good as away: routers do not wait for long.</summary>
    private async Task StoreAsync(List<SessionNews> news, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Value.DatabasePatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await store.WriteAsync(news, either.Token);
    }

    /// <param name="why">Why the database did not take it; null when it was not asked.</param>
    private void Spool(List<Waiting> group, string? why)
    {
        try
        {
            spool.Append(group.ConvertAll(waiting => waiting.News));
            if (why is not null)
                LogSpooled(group.Count, why);
            Complete(group);
        }
        catch (Exception exception)
        {
            // The outermost catch here too: what is on neither side stays with the routers.
            LogNotWritten(group.Count, why is null ? exception.Message : $"{why}; {exception.Message}");
            Fail(group, exception as NotRecordedException ?? new NotRecordedException(exception.Message, cause: exception));
        }
    }

    private static void Complete(List<Waiting> group) => Tell(group, waiting => waiting.Durable.SetResult());

    private static void Fail(List<Waiting> group, NotRecordedException why) => Tell(group, waiting => waiting.Durable.SetException(why));

    /// <summary>
    /// Those who wait answer their routers one after the other on one thread, while the next group is being written: a
    /// thread's turn for each of them costs more than the answer.
    /// </summary>
    private static void Tell(List<Waiting> group, Action<Waiting> tell)
    {
        if (group.Count <= Few)
            TellEach(group, tell);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static told => TellEach(told.Group, told.Tell), (Group: group.ToList(), Tell: tell), preferLocal: false);
    }

    private static void TellEach(List<Waiting> group, Action<Waiting> tell)
    {
        using var replies = ReplyBatch.Begin();
        group.ForEach(tell);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounting records could not be stored together ({SqlState}); storing them singly")]
    private partial void LogSingly(string sqlState, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database refuses an accounting record of router {RouterId} ({SqlState}); it stays unanswered")]
    private partial void LogRefused(string sqlState, Guid routerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not take accounting ({Reason}): {Count} records are kept on disk, and what follows them")]
    private partial void LogSpooled(int count, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} accounting records could not be stored and stay unanswered: {Reason}")]
    private partial void LogNotWritten(int count, string reason);

    private sealed record Waiting(SessionNews News, TaskCompletionSource Durable);
}
