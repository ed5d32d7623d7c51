using System.Collections.Frozen;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>Reports as the parameters of <see cref="PlainSql"/>.</summary>
internal static class PlainRecords
{
    public static NpgsqlParameter[] OpeningOf(List<SessionReport> reports) =>
    [
        .. ColumnsOf(reports),
        .. BeginningOf(reports),
        .. CountersOf(reports),
    ];

    public static NpgsqlParameter[] WholeOf(List<SessionReport> reports, FrozenDictionary<Guid, DaysOfTenant> days) =>
    [
        .. ColumnsOf(reports),
        .. BeginningOf(reports),
        .. CountersOf(reports),
        Arrays.Of(reports, report => days[report.TenantId].At(report.HeardAt).Date),
        Arrays.Of(reports, report => report.End!.Cause),
    ];

    public static NpgsqlParameter[] GrowthOf(List<SessionReport> reports, FrozenDictionary<Guid, DaysOfTenant> days) =>
    [
        .. ColumnsOf(reports),
        .. CountersOf(reports),
        Arrays.Of(reports, report => report.MayWrap),
        Arrays.Of(reports, report => days[report.TenantId].At(report.HeardAt).BeginsAt),
        Arrays.Of(reports, report => report.NasSessionId),
        Arrays.Of(reports, report => report.SessionUserName),
    ];

    public static NpgsqlParameter[] EndingOf(List<SessionReport> reports, FrozenDictionary<Guid, DaysOfTenant> days) =>
    [
        .. ColumnsOf(reports),
        .. CountersOf(reports),
        Arrays.Of(reports, report => report.MayWrap),
        Arrays.Of(reports, report => days[report.TenantId].At(report.HeardAt).BeginsAt),
        Arrays.Of(reports, report => days[report.TenantId].At(report.HeardAt).Date),
        Arrays.Of(reports, report => report.End!.Cause),
    ];

    private static NpgsqlParameter[] ColumnsOf(List<SessionReport> reports) =>
    [
        Arrays.Of(reports, report => report.TenantId),
        Arrays.Of(reports, report => report.SessionId),
        Arrays.Of(reports, report => report.RouterId),
        Arrays.Of(reports, report => report.MacAddress),
        Arrays.Of(reports, report => report.Address),
        Arrays.Of(reports, report => report.StartedAt),
        Arrays.Of(reports, report => report.HeardAt),
    ];

    private static NpgsqlParameter[] BeginningOf(List<SessionReport> reports) =>
    [
        Arrays.Of(reports, report => report.Owner!.CustomerId),
        Arrays.Of(reports, report => report.Owner!.SubscriptionId),
        Arrays.Of(reports, report => report.Owner!.VoucherId),
        Arrays.Of(reports, report => report.SessionUserName),
        Arrays.Of(reports, report => report.NasSessionId),
    ];

    private static NpgsqlParameter[] CountersOf(List<SessionReport> reports) =>
    [
        Arrays.Of(reports, report => report.UploadedBytes),
        Arrays.Of(reports, report => report.DownloadedBytes),
        Arrays.Of(reports, report => report.SessionSeconds),
    ];
}
