using System.Collections.Frozen;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Which reports of a group are tried the short way, by statement. A statement writes a row once, so of several reports
/// of one session and kind only the first is tried.
/// </summary>
internal sealed record PlainChoice(
    List<SessionReport> Opening, List<SessionReport> ByClass, List<SessionReport> ByName, List<SessionReport> Ending)
{
    public bool IsEmpty => Opening.Count + ByClass.Count + ByName.Count + Ending.Count == 0;

    public static PlainChoice Of(IReadOnlyList<SessionReport> reports)
    {
        var choice = new PlainChoice([], [], [], []);
        var (classes, names) = (new HashSet<(Guid, Guid, bool IsInterim, bool IsEnd)>(), new HashSet<(Guid, Guid, string, string)>());
        foreach (var report in reports)
        {
            if (report.SessionId is { } id)
            {
                if (classes.Add((report.TenantId, id, report.IsInterim, report.End is not null)))
                    choice.Take(report);
            }
            else if (report.IsInterim && names.Add((report.TenantId, report.RouterId, report.NasSessionId, report.SessionUserName)))
            {
                choice.ByName.Add(report);
            }
        }

        // In the order of their keys, so that two workers seldom wait for each other in a circle.
        choice.ByClass.Sort(ByKey);
        choice.Ending.Sort(ByKey);
        return choice;
    }

    /// <returns>What was sent with each statement that gives rows, in their order.</returns>
    public List<List<SessionReport>> AddTo(NpgsqlBatch batch, FrozenDictionary<Guid, DaysOfTenant> days, Places places)
    {
        var sent = new List<List<SessionReport>>(4);
        Add(
            PlainSql.Open,
            Opening,
            reports => [.. PlainRecords.OpeningOf(reports), ToldColumn.Of(reports, report => places.Find(report.TenantId, report.SessionId!.Value))]);
        Add(PlainSql.GrowByClass, ByClass, reports => PlainRecords.GrowthOf(reports, days));
        Add(PlainSql.GrowByName, ByName, reports => PlainRecords.GrowthOf(reports, days));
        Add(PlainSql.End, Ending, reports => PlainRecords.EndingOf(reports, days));
        return sent;

        void Add(string sql, List<SessionReport> reports, Func<List<SessionReport>, NpgsqlParameter[]> parametersOf)
        {
            if (reports.Count == 0)
                return;

            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parametersOf(reports));
            batch.BatchCommands.Add(command);
            sent.Add(reports);
        }
    }

    /// <summary>A Start is plain when it is of a login that we granted; one that brings traffic already is not.</summary>
    private void Take(SessionReport report)
    {
        if (report.IsInterim)
            ByClass.Add(report);
        else if (report.End is not null)
            Ending.Add(report);
        else if (report is { Owner.CustomerId: not null, UploadedBytes: 0, DownloadedBytes: 0, SessionSeconds: 0 })
            Opening.Add(report);
    }

    private static int ByKey(SessionReport a, SessionReport b)
        => (a.TenantId, a.SessionId!.Value).CompareTo((b.TenantId, b.SessionId!.Value));
}
