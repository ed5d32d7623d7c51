using System.Collections.Frozen;
using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Sessions;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// The tables of open and ended sessions, and what their subscriptions used. Whatever opens, ends or moves a session of
/// a router is written by one transaction at a time, also among several workers (an advisory lock a router), so that a
/// batch may be read, merged and written back. All of it is a monotone merge: written twice, it changes nothing.
/// </summary>
internal sealed class SessionStore(
    PlatformDataSource database, SessionGrowth growth, SessionOwners owners, TenantDays tenantDays, DataWatch watch, TimeProvider clock)
{
    private const int SessionsAtOnce = 5000;
    private const int MaxTries = 4;

    /// <summary>When it returns, all of it is durable. It came in this order.</summary>
    /// <exception cref="NpgsqlException">Not all was written; writing it again is right.</exception>
    public async Task WriteAsync(IReadOnlyList<SessionNews> news, CancellationToken cancellationToken)
    {
        for (var from = 0; from < news.Count;)
        {
            var run = news.Skip(from).TakeWhile(next => next is SessionReport).Cast<SessionReport>().ToList();
            if (run.Count > 0)
                await AgainOnConflictAsync(() => WriteAsync(run, cancellationToken));
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
            }
        }
    }

    private async Task WriteAsync(List<SessionReport> reports, CancellationToken cancellationToken)
    {
        var days = await tenantDays.OfAsync(reports, cancellationToken);
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        var rest = await growth.WriteAsync(connection, reports, days, cancellationToken);
        if (rest.Count > 0)
            await MergeAsync(connection, await owners.NameAsync(rest, cancellationToken), days, cancellationToken);
    }

    private async Task MergeAsync(
        NpgsqlConnection connection,
        IReadOnlyList<SessionReport> reports,
        FrozenDictionary<Guid, DaysOfTenant> days,
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
        foreach (var gain in gains)
            watch.Grown(gain.TenantId, gain.SubscriptionId);
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
                LockRouters(reports),
                LockMoving(),
                new NpgsqlBatchCommand(SessionSql.LoadOpen),
                new NpgsqlBatchCommand(SessionSql.LoadEnded),
            },
        };
        AddKeys(batch.BatchCommands[2], reports);
        AddKeys(batch.BatchCommands[3], reports);
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<SessionRow>();
        do
        {
            while (reader.FieldCount > 1 && await reader.ReadAsync(cancellationToken))
                rows.Add(Read(reader));
        }
        while (await reader.NextResultAsync(cancellationToken));
        return rows;
    }

    private static void AddKeys(NpgsqlBatchCommand command, IReadOnlyList<SessionReport> reports)
    {
        command.Parameters.Add(Arrays.Of(reports, report => report.TenantId));
        command.Parameters.Add(Arrays.Of(reports, report => report.SessionId));
        command.Parameters.Add(Arrays.Of(reports, report => report.RouterId));
        command.Parameters.Add(Arrays.Of(reports, report => report.NasSessionId));
        command.Parameters.Add(Arrays.Of(reports, report => report.SessionUserName));
        command.Parameters.Add(Arrays.Of(reports, report => report.StartedAt));
        command.Parameters.Add(Arrays.Of(reports, report => report.IsStart ? report.Owner?.CustomerId : null));
        command.Parameters.Add(Arrays.Of(reports, report => report.MacAddress));
    }

    private static List<UsageGain> Gains(SessionBook book, FrozenDictionary<Guid, DaysOfTenant> days) =>
    [
        .. book.Changes
            .SelectMany(change => UsageGain.Of(change.Stored, change.Now, days[change.Now.TenantId]))
            .GroupBy(gain => (gain.TenantId, gain.Id))
            .Select(same => same.First() with
            {
                UploadedBytes = same.Sum(gain => gain.UploadedBytes),
                DownloadedBytes = same.Sum(gain => gain.DownloadedBytes),
                Seconds = same.Sum(gain => gain.Seconds),
            })
            .OrderBy(gain => gain.TenantId).ThenBy(gain => gain.Id),
    ];

    private static void AddWrites(NpgsqlBatch batch, SessionBook book)
    {
        SessionRow[] closed = [.. book.Closed];
        SessionRow[] revived = [.. book.Revived];
        Add(SessionSql.DeleteOpen, closed, KeysOf);
        Add(SessionSql.DeleteEnded, revived, KeysOf);
        Add(SessionSql.InsertOpen, [.. book.NewlyOpen, .. revived], ColumnsOf);
        Add(SessionSql.UpdateOpen, [.. book.StillOpen], ColumnsOf);
        Add(SessionSql.InsertEnded, [.. closed, .. book.NewlyEnded], EndedColumnsOf);
        Add(SessionSql.UpdateEnded, [.. book.Amended], EndedColumnsOf);

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

        batch.BatchCommands.Add(new NpgsqlBatchCommand(UsageSql.Add)
        {
            Parameters =
            {
                Arrays.Of(gains, gain => gain.TenantId),
                Arrays.Of(gains, gain => gain.Id),
                Arrays.Of(gains, gain => gain.SubscriptionId),
                Arrays.Of(gains, gain => gain.CustomerId),
                Arrays.Of(gains, gain => gain.Day),
                Arrays.Of(gains, gain => gain.UploadedBytes),
                Arrays.Of(gains, gain => gain.DownloadedBytes),
                Arrays.Of(gains, gain => gain.Seconds),
            },
        });
    }

    private async Task<int> ExecuteAsync(string sql, SessionNews news, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var locks = new NpgsqlBatch(connection) { BatchCommands = { LockRouters([news]), LockMoving() } })
            await locks.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync(cancellationToken);
        var moved = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    private static NpgsqlBatchCommand LockRouters(IReadOnlyList<SessionNews> news)
        => new(SessionSql.LockRouters) { Parameters = { Arrays.Of(news, next => next.RouterId) } };

    private static NpgsqlBatchCommand LockMoving()
        => new(SessionSql.LockMoving) { Parameters = { new NpgsqlParameter<long> { TypedValue = StaleSessionsJob.MovingLock } } };

    private static SessionRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetGuid(2),
        row.GetString(7),
        new SessionOwner(row.GetString(6), Optional<Guid>(row, 3), Optional<Guid>(row, 4), Optional<Guid>(row, 5)),
        row.IsDBNull(8) ? null : row.GetString(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<IPAddress>(9),
        row.GetFieldValue<DateTimeOffset>(10),
        row.GetFieldValue<DateTimeOffset>(11),
        row.GetInt64(12),
        row.GetInt64(13),
        row.GetInt64(14),
        row.IsDBNull(15) ? null : new SessionEnd(row.GetFieldValue<DateTimeOffset>(15), Optional<int>(row, 16)));

    private static T? Optional<T>(NpgsqlDataReader row, int column) where T : struct
        => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static NpgsqlParameter[] KeysOf(SessionRow[] rows) => [Arrays.Of(rows, row => row.TenantId), Arrays.Of(rows, row => row.Id)];

    /// <summary>In the order of <see cref="SessionSql"/>'s columns.</summary>
    private static NpgsqlParameter[] ColumnsOf(SessionRow[] rows) =>
    [
        .. KeysOf(rows),
        Arrays.Of(rows, row => row.RouterId),
        Arrays.Of(rows, row => row.Owner.CustomerId),
        Arrays.Of(rows, row => row.Owner.SubscriptionId),
        Arrays.Of(rows, row => row.Owner.VoucherId),
        Arrays.Of(rows, row => row.Owner.UserName),
        Arrays.Of(rows, row => row.NasSessionId),
        Arrays.Of(rows, row => row.MacAddress),
        Arrays.Of(rows, row => row.Address),
        Arrays.Of(rows, row => row.StartedAt),
        Arrays.Of(rows, row => row.LastHeardAt),
        Arrays.Of(rows, row => row.UploadedBytes),
        Arrays.Of(rows, row => row.DownloadedBytes),
        Arrays.Of(rows, row => row.SessionSeconds),
    ];

    private static NpgsqlParameter[] EndedColumnsOf(SessionRow[] rows)
        => [.. ColumnsOf(rows), Arrays.Of(rows, row => row.End!.At), Arrays.Of(rows, row => row.End!.Cause)];
}
