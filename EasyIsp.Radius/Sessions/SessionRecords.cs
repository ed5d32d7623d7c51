using System.Net;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>Sessions as rows of the database, and as the parameters of <see cref="SessionSql"/> and <see cref="UsageSql"/>.</summary>
internal static class SessionRecords
{
    public static SessionRow Read(NpgsqlDataReader row) => new(
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
        row.IsDBNull(15) ? null : new SessionEnd(row.GetFieldValue<DateTimeOffset>(15), Optional<int>(row, 16)),
        new Counters(row.GetInt64(17), row.GetInt64(18), row.GetInt64(19)));

    private static T? Optional<T>(NpgsqlDataReader row, int column) where T : struct
        => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    /// <summary>Tenant and id.</summary>
    public static NpgsqlParameter[] KeysOf(SessionRow[] rows) => [Arrays.Of(rows, row => row.TenantId), Arrays.Of(rows, row => row.Id)];

    /// <summary>In the order of <see cref="SessionSql"/>'s columns.</summary>
    public static NpgsqlParameter[] ColumnsOf(SessionRow[] rows) =>
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

    public static NpgsqlParameter[] EndedColumnsOf(SessionRow[] rows)
        => [.. ColumnsOf(rows), Arrays.Of(rows, row => row.End!.At), Arrays.Of(rows, row => row.End!.Cause)];

    /// <summary>By what a session is looked for.</summary>
    public static NpgsqlParameter[] KeysOf(IReadOnlyList<SessionReport> reports) =>
    [
        Arrays.Of(reports, report => report.TenantId),
        Arrays.Of(reports, report => report.SessionId),
        Arrays.Of(reports, report => report.RouterId),
        Arrays.Of(reports, report => report.NasSessionId),
        Arrays.Of(reports, report => report.SessionUserName),
        Arrays.Of(reports, report => report.StartedAt),
        Arrays.Of(reports, report => report.IsStart ? report.Owner?.CustomerId : null),
        Arrays.Of(reports, report => report.MacAddress),
    ];

    public static NpgsqlParameter[] ColumnsOf(IReadOnlyList<UsageGain> gains) =>
    [
        Arrays.Of(gains, gain => gain.TenantId),
        Arrays.Of(gains, gain => gain.Id),
        Arrays.Of(gains, gain => gain.SubscriptionId),
        Arrays.Of(gains, gain => gain.CustomerId),
        Arrays.Of(gains, gain => gain.Day),
        Arrays.Of(gains, gain => gain.UploadedBytes),
        Arrays.Of(gains, gain => gain.DownloadedBytes),
        Arrays.Of(gains, gain => gain.Seconds),
    ];
}
