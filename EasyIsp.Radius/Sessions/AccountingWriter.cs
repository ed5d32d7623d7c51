using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Commits accounting in groups: what arrives while one group is being written is the next, and a first one waits a
/// moment for others. Whoever waits for his news waits for its commit.
/// </summary>
internal sealed partial class AccountingWriter(
    SessionStore store, IOptions<RadiusOptions> options, TimeProvider clock, ILogger<AccountingWriter> logger) : BackgroundService
{
    /// <summary>The most that one statement carries.</summary>
    public const int MaxGroup = 500;

    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Completes when the news is durable.</summary>
    /// <exception cref="NpgsqlException">It could not be written; nothing of it was.</exception>
    public Task WriteAsync(SessionNews news, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _waiting.Writer.TryWrite(waiting)
            ? waiting.Written.Task.WaitAsync(cancellationToken)
            : throw new InvalidOperationException("The worker is stopping.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(MaxGroup);
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            if (options.Value.AccountingPause > TimeSpan.Zero)
                await Task.Delay(options.Value.AccountingPause, clock, stoppingToken);
            while (group.Count < MaxGroup && _waiting.Reader.TryRead(out var next))
                group.Add(next);

            foreach (var run in RunsOf(group))
                await WriteRunAsync(run, stoppingToken);
            group.Clear();
        }
    }

    /// <summary>Reports that follow each other are one statement; a restart or a cut stands between.</summary>
    private static IEnumerable<IReadOnlyList<Waiting>> RunsOf(List<Waiting> group)
    {
        for (var from = 0; from < group.Count;)
        {
            var end = group.FindIndex(from, waiting => waiting.News is not SessionReport);
            var length = end == from ? 1 : (end < 0 ? group.Count : end) - from;
            yield return group.GetRange(from, length);
            from += length;
        }
    }

    private async Task WriteRunAsync(IReadOnlyList<Waiting> run, CancellationToken cancellationToken)
    {
        try
        {
            await StoreAsync(run, cancellationToken);
            foreach (var waiting in run)
                waiting.Written.SetResult();
        }
        catch (PostgresException exception) when (run.Count > 1 && !exception.IsTransient)
        {
            // One of them cannot be stored: the others must not suffer for it.
            LogSingly(exception.SqlState, run.Count);
            foreach (var waiting in run)
                await WriteRunAsync([waiting], cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost catch of one group: those who wait learn why, and the next group is tried.
            LogNotWritten(run.Count, exception.Message);
            foreach (var waiting in run)
                waiting.Written.SetException(exception);
        }
    }

    private Task StoreAsync(IReadOnlyList<Waiting> run, CancellationToken cancellationToken) => run[0].News switch
    {
        RouterRestarted restart => store.WriteAsync(restart, cancellationToken),
        SessionCut cut => store.WriteAsync(cut, cancellationToken),
        _ => store.WriteAsync([.. run.Select(waiting => (SessionReport)waiting.News)], cancellationToken),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounting records could not be stored together ({SqlState}); storing them singly")]
    private partial void LogSingly(string sqlState, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} accounting records could not be stored and stay unanswered: {Reason}")]
    private partial void LogNotWritten(int count, string reason);

    private sealed record Waiting(SessionNews News, TaskCompletionSource Written);
}
