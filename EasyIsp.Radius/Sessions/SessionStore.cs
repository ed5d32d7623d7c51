using System.Collections.Frozen;
using EasyIsp.Core.Persistence;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// The tables of open and ended sessions, and what their subscriptions used. Whatever opens, ends or moves a session of
/// a router is written by one transaction at a time, also among several workers (an advisory lock a router), so that a
/// batch may be read, merged and written back. All of it is a monotone merge: written twice, it changes nothing.
/// </summary>
internal sealed class SessionStore(
    WarmDataSource database,
    PlainReports plain,
    SessionOwners owners,
    TenantDays tenantDays,
    DataWatch watch,
    Places places,
    FreshSessions fresh,
    TimeProvider clock)
{
    private const int SessionsAtOnce = 5000;
    private const int MaxTries = 4;

    /// <summary>When it returns, all of it is durable. It came in this order.</summary>
    /// <param name="ended">
    /// What <see cref="Places.BeginReading"/> notes since before the news was taken to be written: a Stop may have been
    /// answered that is not among it. Null where nothing is answered before it is written.
    /// </param>
    /// <exception cref="NpgsqlException">Not all was written; writing it again is right.</exception>
    public async Task WriteAsync(
        IReadOnlyList<SessionNews> news, IReadOnlySet<Guid>? ended, CancellationToken cancellationToken)
    {
        for (var from = 0; from < news.Count;)
        {
            var run = news.Skip(from).TakeWhile(next => next is SessionReport).Cast<SessionReport>().ToList();
            if (run.Count > 0)
                await AgainOnConflictAsync(() => WriteAsync(run, ended, cancellationToken));
            else
                await AgainOnConflictAsync(() => WriteAsync(news[from], cancellationToken));
            from += Math.Max(1, run.Count);
        }
    }

    /// <summary>Two workers met over one row; one of them was sent away, and finds the row settled when it comes again.</summary>
    private static async Task AgainOnConflictAsync(Func<Task> write)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await write();
                return;
            }
            catch (PostgresException exception) when (tries < MaxTries && exception.SqlState
                is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation)
            {
                // Nothing of it was written; the loop comes again.
            }
        }
    }

    private async Task WriteAsync(List<SessionReport> reports, IReadOnlySet<Guid>? ended, CancellationToken cancellationToken)
    {
        var days = await tenantDays.OfAsync(reports, cancellationToken);
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        var rest = await plain.WriteAsync(connection, reports, days, ended, cancellationToken);
        if (rest.Count > 0)
            await MergeAsync(connection, await owners.NameAsync(rest, cancellationToken), days, ended, cancellationToken);
    }

    private async Task MergeAsync(
        NpgsqlConnection connection,
        IReadOnlyList<SessionReport> reports,
        FrozenDictionary<Guid, DaysOfTenant> days,
        IReadOnlySet<Guid>? ended,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var book = new SessionBook(await LoadAsync(connection, reports, cancellationToken), clock);
        foreach (var report in reports)
            book.Enter(report);

        var gains = Gains(book, days);
        await using var batch = new NpgsqlBatch(connection);
        AddWrites(batch, book);
        AddUsage(batch, gains);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.PrepareAsync(cancellationToken);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        foreach (var session in book.NewlyOpen)
            fresh.Began(session.TenantId, session.Id);
        foreach (var gain in gains)
            watch.Grown(gain.TenantId, gain.SubscriptionId);
        Tell(book, ended);
    }

    private void Tell(SessionBook book, IReadOnlySet<Guid>? ended)
    {
        foreach (var closed in book.Closed)
            places.Free(closed.TenantId, closed.Id);
        foreach (var row in book.NewlyOpen.Concat(book.Revived))
        {
            // Of no subscription: limited access, which takes no place.
            if (row.Owner is { CustomerId: { } customerId, SubscriptionId: not null })
            {
                places.Open(
                    new Place(row.TenantId, customerId, row.Id, row.RouterId, row.MacAddress, row.StartedAt) { Owner = row.Owner, HasStarted = true },
                    ended);
            }
        }
    }

    private Task WriteAsync(SessionNews news, CancellationToken cancellationToken) => news switch
    {
        RouterRestarted restart => EndAllAsync(restart, cancellationToken),
        SessionCut cut => ExecuteAsync(
            SessionSql.EndOfSession,
            cut,
            [
                new NpgsqlParameter<Guid> { TypedValue = cut.TenantId },
                new NpgsqlParameter<Guid> { TypedValue = cut.SessionId },
                new NpgsqlParameter { Value = (object?)cut.EndedAt ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz },
            ],
            cancellationToken),
        _ => throw new ArgumentException("Reports are written together.", nameof(news)),
    };

    /// <summary>A large router's sessions end in several transactions, none of them long.</summary>
    private async Task EndAllAsync(RouterRestarted restart, CancellationToken cancellationToken)
    {
        int ended;
        do
        {
            ended = await ExecuteAsync(
                SessionSql.EndOfRouter,
                restart,
                [
                    new NpgsqlParameter<Guid> { TypedValue = restart.TenantId },
                    new NpgsqlParameter<Guid> { TypedValue = restart.RouterId },
                    new NpgsqlParameter<DateTimeOffset> { TypedValue = restart.At },
                    new NpgsqlParameter<int> { TypedValue = restart.Cause },
                    new NpgsqlParameter<int> { TypedValue = SessionsAtOnce },
                ],
                cancellationToken);
        }
        while (ended == SessionsAtOnce);
    }

    private static async Task<List<SessionRow>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<SessionReport> reports, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                SessionSql.LockRoutersOf(reports),
                SessionSql.LockMovingCommand(),
                new NpgsqlBatchCommand(SessionSql.LoadOpen),
                new NpgsqlBatchCommand(SessionSql.LoadEnded),
            },
        };
        batch.BatchCommands[2].Parameters.AddRange(SessionRecords.KeysOf(reports));
        batch.BatchCommands[3].Parameters.AddRange(SessionRecords.KeysOf(reports));
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<SessionRow>();
        do
        {
            while (reader.FieldCount > 2 && await reader.ReadAsync(cancellationToken))
                rows.Add(SessionRecords.Read(reader));
        }
        while (await reader.NextResultAsync(cancellationToken));
        return rows;
    }

    private static List<UsageGain> Gains(SessionBook book, FrozenDictionary<Guid, DaysOfTenant> days) =>
    [
        .. book.Changes
            .SelectMany(change => UsageGain.Of(change.Stored, change.Now, days[change.Now.TenantId])
                .Concat(change.Stored is { } stored ? UsageGain.Unbooked(stored, days[stored.TenantId]) : []))
            .GroupBy(gain => (gain.TenantId, gain.Id))
            .Select(same => same.First() with
            {
                UploadedBytes = same.Sum(gain => gain.UploadedBytes),
                DownloadedBytes = same.Sum(gain => gain.DownloadedBytes),
                Seconds = same.Sum(gain => gain.Seconds),
            })
            .OrderBy(gain => gain.TenantId).ThenBy(gain => gain.Id),
    ];

    private void AddWrites(NpgsqlBatch batch, SessionBook book)
    {
        SessionRow[] closed = [.. book.Closed];
        SessionRow[] revived = [.. book.Revived];
        Add(SessionSql.DeleteOpen, closed, SessionRecords.KeysOf);
        Add(SessionSql.DeleteEnded, revived, SessionRecords.KeysOf);
        Add(SessionSql.InsertOpen, [.. book.NewlyOpen, .. revived], rows => [.. SessionRecords.ColumnsOf(rows), ToldColumn.Of(rows, row => places.Find(row.TenantId, row.Id))]);
        Add(SessionSql.UpdateOpen, [.. book.StillOpen], SessionRecords.ColumnsOf);
        Add(SessionSql.InsertEnded, [.. closed, .. book.NewlyEnded], SessionRecords.EndedColumnsOf);
        Add(SessionSql.UpdateEnded, [.. book.Amended], SessionRecords.EndedColumnsOf);

        void Add(string sql, SessionRow[] rows, Func<SessionRow[], NpgsqlParameter[]> parametersOf)
        {
            if (rows.Length == 0)
                return;

            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parametersOf(rows));
            batch.BatchCommands.Add(command);
        }
    }

    private static void AddUsage(NpgsqlBatch batch, List<UsageGain> gains)
    {
        if (gains.Count == 0)
            return;

        var command = new NpgsqlBatchCommand(UsageSql.Add);
        command.Parameters.AddRange(SessionRecords.ColumnsOf(gains));
        batch.BatchCommands.Add(command);
    }

    private async Task<int> ExecuteAsync(string sql, SessionNews news, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var locks = new NpgsqlBatch(connection) { BatchCommands = { SessionSql.LockRoutersOf([news]), SessionSql.LockMovingCommand() } })
            await locks.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync(cancellationToken);
        var ended = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                ended.Add(reader.GetGuid(0));
        }

        await transaction.CommitAsync(cancellationToken);
        ended.ForEach(id => places.Free(news.TenantId, id));
        return ended.Count;
    }
}
