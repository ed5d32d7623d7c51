using System.Net;
using EasyIsp.Core.Persistence;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// The tables of open and ended sessions. Everything about one router's sessions is written by one transaction at a
/// time, also among several workers (an advisory lock a router), so that a batch may be read, merged and written back.
/// </summary>
internal sealed class SessionStore(PlatformDataSource database, TimeProvider clock)
{
    /// <summary>One transaction; when it returns, the reports are durable.</summary>
    /// <exception cref="NpgsqlException">Nothing was written.</exception>
    public async Task WriteAsync(IReadOnlyList<SessionReport> reports, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var book = new SessionBook(await LoadAsync(connection, reports, cancellationToken), clock);
        foreach (var report in reports)
            book.Enter(report);

        await using var batch = new NpgsqlBatch(connection);
        AddWrites(batch, book);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.PrepareAsync(cancellationToken);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <exception cref="NpgsqlException">Nothing was written.</exception>
    public Task WriteAsync(RouterRestarted restart, CancellationToken cancellationToken) => ExecuteAsync(
        SessionSql.EndOfRouter,
        restart,
        [
            new NpgsqlParameter<Guid> { TypedValue = restart.TenantId },
            new NpgsqlParameter<Guid> { TypedValue = restart.RouterId },
            new NpgsqlParameter<DateTimeOffset> { TypedValue = restart.At },
            new NpgsqlParameter<int> { TypedValue = restart.Cause },
        ],
        cancellationToken);

    /// <exception cref="NpgsqlException">Nothing was written.</exception>
    public Task WriteAsync(SessionCut cut, CancellationToken cancellationToken) => ExecuteAsync(
        SessionSql.EndOfSession,
        cut,
        [
            new NpgsqlParameter<Guid> { TypedValue = cut.TenantId },
            new NpgsqlParameter<Guid> { TypedValue = cut.SessionId },
            new NpgsqlParameter { Value = (object?)cut.EndedAt ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz },
        ],
        cancellationToken);

    private static async Task<List<SessionRow>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<SessionReport> reports, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(SessionSql.LockRouters) { Parameters = { Array(reports, report => report.RouterId) } },
                new NpgsqlBatchCommand(SessionSql.Load)
                {
                    Parameters =
                    {
                        Array(reports, report => report.TenantId),
                        Array(reports, report => report.SessionId),
                        Array(reports, report => report.RouterId),
                        Array(reports, report => report.NasSessionId),
                        Array(reports, report => report.Owner.UserName),
                        Array(reports, report => report.StartedAt),
                        Array(reports, report => report.IsStart ? report.Owner.CustomerId : null),
                        Array(reports, report => report.MacAddress),
                    },
                },
            },
        };
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<SessionRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Read(reader));
        return rows;
    }

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

    private async Task ExecuteAsync(
        string sql, SessionNews news, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SessionSql.LockRouters)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [news.RouterId] } },
        });
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
        await batch.PrepareAsync(cancellationToken);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

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

    private static NpgsqlParameter[] KeysOf(SessionRow[] rows) => [Array(rows, row => row.TenantId), Array(rows, row => row.Id)];

    /// <summary>In the order of <see cref="SessionSql"/>'s columns.</summary>
    private static NpgsqlParameter[] ColumnsOf(SessionRow[] rows) =>
    [
        .. KeysOf(rows),
        Array(rows, row => row.RouterId),
        Array(rows, row => row.Owner.CustomerId),
        Array(rows, row => row.Owner.SubscriptionId),
        Array(rows, row => row.Owner.VoucherId),
        Array(rows, row => row.Owner.UserName),
        Array(rows, row => row.NasSessionId),
        Array(rows, row => row.MacAddress),
        Array(rows, row => row.Address),
        Array(rows, row => row.StartedAt),
        Array(rows, row => row.LastHeardAt),
        Array(rows, row => row.UploadedBytes),
        Array(rows, row => row.DownloadedBytes),
        Array(rows, row => row.SessionSeconds),
    ];

    private static NpgsqlParameter[] EndedColumnsOf(SessionRow[] rows)
        => [.. ColumnsOf(rows), Array(rows, row => row.End!.At), Array(rows, row => row.End!.Cause)];

    private static NpgsqlParameter<T[]> Array<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> column)
        => new() { TypedValue = [.. rows.Select(column)] };
}
