using System.Threading.Channels;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Spool;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Makes accounting durable in groups: what arrives while one group is being written is the next. Whoever waits for his
/// news waits until it is on disk, from where <see cref="SpoolReplay"/> brings it to the database; or, where that is wanted
/// or there is no spool, for the database's commit. As long as anything waits on disk, all that comes joins it there, so
/// that it is written in its order.
/// </summary>
internal sealed partial class AccountingWriter(
    SessionStore store,
    AccountingSpool spool,
    SpoolReplay replay,
    IOptions<RadiusOptions> options,
    TimeProvider clock,
    ILogger<AccountingWriter> logger) : BackgroundService
{
    /// <summary>The most that is written together.</summary>
    public const int MaxGroup = 500;

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

    /// <summary>A thread of its own, for it does nothing but wait for the disk: a turn of the pool's costs more than the flush.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(MaxGroup);
        try
        {
            while (_waiting.Reader.WaitToReadAsync(stoppingToken).AsTask().GetAwaiter().GetResult())
            {
                while (group.Count < MaxGroup && _waiting.Reader.TryRead(out var next))
                    group.Add(next);

                Write(group, stoppingToken);
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

    private void Write(List<Waiting> group, CancellationToken cancellationToken)
    {
        try
        {
            MakeDurable(group, cancellationToken);
            Tell(group, waiting => waiting.Durable.SetResult());
        }
        catch (PostgresException exception) when (exception.IsOfData && group.Count > 1)
        {
            // One of them cannot be stored: the others must not suffer for it.
            LogSingly(exception.SqlState, group.Count);
            foreach (var waiting in group)
                Write([waiting], cancellationToken);
        }
        catch (PostgresException exception) when (exception.IsOfData)
        {
            LogRefused(exception.SqlState, group[0].News.RouterId);
            Fail(group, new NotRecordedException($"the database refused it ({exception.SqlState})"));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost catch of one group: what is durable nowhere stays with the routers, and the next group is tried.
            LogNotWritten(group.Count, exception.Message);
            Fail(group, exception as NotRecordedException ?? new NotRecordedException(exception.Message, cause: exception));
        }
    }

    private void MakeDurable(List<Waiting> group, CancellationToken cancellationToken)
    {
        var isForDisk = spool.IsThere && (options.Value.AnswerAccountingFrom is AccountingPlace.Disk || !spool.IsEmpty);
        if (isForDisk && TrySpool(group, cancellationToken))
            return;

        try
        {
            Store(group, cancellationToken);
        }
        catch (Exception exception) when (spool.IsThere && !isForDisk && !cancellationToken.IsCancellationRequested
            && exception is not PostgresException { IsOfData: true })
        {
            LogSpooled(group.Count, exception.Message);
            if (!TrySpool(group, cancellationToken))
                throw;
        }
    }

    /// <returns>False where the disk refuses.</returns>
    /// <exception cref="NotRecordedException">There is no more room.</exception>
    private bool TrySpool(List<Waiting> group, CancellationToken cancellationToken)
    {
        replay.KeepPace(cancellationToken);
        try
        {
            spool.Append(group.ConvertAll(waiting => waiting.News));
            return true;
        }
        catch (NotRecordedException exception) when (!exception.IsSpoolFull)
        {
            LogDiskRefuses(exception.Message, group.Count);
            return false;
        }
    }

    /// <summary>A database that does not answer is as good as away: routers do not wait for long.</summary>
    private void Store(List<Waiting> group, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Value.DatabasePatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        store.WriteAsync(group.ConvertAll(waiting => waiting.News), ended: null, either.Token).GetAwaiter().GetResult();
    }

    private static void Fail(List<Waiting> group, NotRecordedException why) => Tell(group, waiting => waiting.Durable.SetException(why));

    /// <summary>Those who wait answer their routers here, one after the other: another thread's turn costs more than the answer.</summary>
    private static void Tell(List<Waiting> group, Action<Waiting> tell)
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

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool cannot be written ({Reason}); {Count} accounting records go to the database at once")]
    private partial void LogDiskRefuses(string reason, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} accounting records could not be stored and stay unanswered: {Reason}")]
    private partial void LogNotWritten(int count, string reason);

    private sealed record Waiting(SessionNews News, TaskCompletionSource Durable);
}
