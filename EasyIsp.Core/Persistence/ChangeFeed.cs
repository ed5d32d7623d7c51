using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EasyIsp.Core.Persistence;

/// <summary>Rows of one table and tenant that changed in one statement.</summary>
/// <param name="TenantId">Empty for what belongs to no tenant.</param>
/// <param name="Ids">Empty when there were too many to name.</param>
/// <param name="IsOwn">This very process changed them.</param>
public sealed record Change(string Table, Guid TenantId, IReadOnlyList<Guid> Ids, bool IsOwn = false)
{
    /// <summary>The connection was lost and is back: anything may have changed meanwhile.</summary>
    public static Change Everything { get; } = new("*", Guid.Empty, []);

    /// <summary>The rows belong to no tenant.</summary>
    public bool IsOfPlatform => TenantId == Guid.Empty && !IsEverything;

    public bool IsEverything => ReferenceEquals(this, Everything);
}

/// <summary>
/// What the database announces (<c>NOTIFY easyisp</c>), to everyone in this process who wants to know. Subscribers are
/// called on the listening thread, one after another: they note the news and return. An exception of one is logged and
/// does not reach the others.
/// </summary>
public sealed partial class ChangeFeed(PlatformDataSource database, TimeProvider clock, ILogger<ChangeFeed> logger) : BackgroundService
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Action<Change>> _subscribers = new();
    private long _nextSubscriber;

    /// <summary>True while the process hears what happens; a page shows its figures as stale otherwise.</summary>
    public bool IsListening { get; private set; }

    public IDisposable Subscribe(Action<Change> onChange)
    {
        var key = Interlocked.Increment(ref _nextSubscriber);
        _subscribers[key] = onChange;
        return new Subscription(() => _subscribers.TryRemove(key, out _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                LogLost(exception.Message);
                await Task.Delay(ReconnectPause, clock, stoppingToken);
            }
        }
    }

    /// <param name="payload"><c>table|tenant|ids|application name</c>, the last one where it matters.</param>
    internal static Change? Parse(string payload, string ownName)
    {
        var parts = payload.Split('|', 4);
        if (parts.Length < 3 || !Guid.TryParse(parts[1], out var tenantId))
            return null;

        var isOwn = parts.Length == 4 && parts[3] == ownName;
        if (parts[2] == "*")
            return new Change(parts[0], tenantId, [], isOwn);

        var texts = parts[2].Split(',');
        var ids = new Guid[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (!Guid.TryParse(texts[i], out ids[i]))
                return null;
        }

        return new Change(parts[0], tenantId, ids, isOwn);
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, notification) =>
        {
            if (Parse(notification.Payload, database.ApplicationName) is { } change)
                Tell(change);
        };
        await using (var listen = new NpgsqlCommand("listen easyisp", connection))
            await listen.ExecuteNonQueryAsync(stoppingToken);

        IsListening = true;
        try
        {
            Tell(Change.Everything);
            while (true)
                await connection.WaitAsync(stoppingToken);
        }
        finally
        {
            IsListening = false;
        }
    }

    private void Tell(Change change)
    {
        foreach (var subscriber in _subscribers.Values)
        {
            try
            {
                subscriber(change);
            }
            catch (Exception exception)
            {
                LogSubscriberFailed(exception, change.Table);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the database's announcements ({Reason}); listening again in a second")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Somebody who watches {Table} failed on a change")]
    private partial void LogSubscriberFailed(Exception exception, string table);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
