using System.Collections.Frozen;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Which reports of a group are tried the short way, by statement. A statement writes a row once, so of several reports
/// of one session and kind only the first is tried.
/// </summary>
internal sealed class PlainChoice
{
    private readonly FrozenDictionary<Guid, DaysOfTenant> _days;

    private PlainChoice(FrozenDictionary<Guid, DaysOfTenant> days) => _days = days;

    public List<SessionReport> Opening { get; } = [];

    public List<SessionReport> ByClass { get; } = [];

    public List<SessionReport> ByName { get; } = [];

    public List<SessionReport> Ending { get; } = [];

    /// <summary>Sessions of which all is told at once, from Start to Stop.</summary>
    public List<SessionReport> Whole { get; } = [];

    /// <summary>Other workers and jobs must not do the same at the same time.</summary>
    public IReadOnlyList<SessionReport> Moving => [.. Opening, .. Ending, .. Whole];

    public bool IsEmpty => Opening.Count + ByClass.Count + ByName.Count + Ending.Count + Whole.Count == 0;

    public static PlainChoice Of(IReadOnlyList<SessionReport> reports, FrozenDictionary<Guid, DaysOfTenant> days)
    {
        var choice = new PlainChoice(days);
        // With their room from the beginning: grown to it, the first would be a large object each time.
        var classes = new HashSet<(Guid, Guid, bool IsInterim, bool IsEnd)>(reports.Count);
        var names = new HashSet<(Guid, Guid, string, string)>();
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
        choice.Whole.Sort(ByKey);
        return choice;
    }

    /// <returns>What was sent with each statement that gives rows, in their order.</returns>
    public List<List<SessionReport>> AddTo(NpgsqlBatch batch, Places places)
    {
        var sent = new List<List<SessionReport>>(5);
        Add(
            PlainSql.Open,
            Opening,
            reports => [.. PlainRecords.OpeningOf(reports), ToldColumn.Of(reports, report => places.Find(report.TenantId, report.SessionId!.Value))]);
        Add(PlainSql.GrowByClass, ByClass, reports => PlainRecords.GrowthOf(reports, _days));
        Add(PlainSql.GrowByName, ByName, reports => PlainRecords.GrowthOf(reports, _days));
        Add(PlainSql.End, Ending, reports => PlainRecords.EndingOf(reports, _days));
        Add(PlainSql.Pass, Whole, reports => PlainRecords.WholeOf(reports, _days));
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

    /// <summary>A Start is plain when it is of a login that we granted, and what it brings already is all of one day.</summary>
    private void Take(SessionReport report)
    {
        if (report.IsInterim)
            ByClass.Add(report);
        else if (!report.IsStart)
            Ending.Add(report);
        else if (report.Owner?.CustomerId is null || (report.HasTraffic && !BeganToday(report)))
            return;
        else if (report.End is null)
            Opening.Add(report);
        else if (report.Owner.SubscriptionId is not null)
            Whole.Add(report);
    }

    private bool BeganToday(SessionReport report) => report.StartedAt >= _days[report.TenantId].At(report.HeardAt).BeginsAt;

    private static int ByKey(SessionReport a, SessionReport b)
        => (a.TenantId, a.SessionId!.Value).CompareTo((b.TenantId, b.SessionId!.Value));
}
