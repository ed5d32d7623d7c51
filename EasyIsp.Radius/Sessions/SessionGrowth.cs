using System.Collections.Frozen;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>Writes interims of open sessions: one statement, one round trip, one commit.</summary>
internal sealed class SessionGrowth(DataWatch watch)
{
    /// <returns>What was not written, in its order: anything that opens, ends, splits or revives a session.</returns>
    /// <exception cref="NpgsqlException">Nothing was written.</exception>
    public async Task<List<SessionReport>> WriteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<SessionReport> reports,
        FrozenDictionary<Guid, DaysOfTenant> days,
        CancellationToken cancellationToken)
    {
        var (byClass, byName) = Choose(reports);
        if (byClass.Count + byName.Count == 0)
            return [.. reports];

        await using var batch = new NpgsqlBatch(connection);
        Add(batch, UsageSql.GrowByClass, byClass, days);
        Add(batch, UsageSql.GrowByName, byName, days);
        await batch.PrepareAsync(cancellationToken);
        var written = new HashSet<SessionReport>(ReferenceEqualityComparer.Instance);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await ReadAsync(reader, byClass.Count > 0 ? byClass : byName, written, cancellationToken);
            if (await reader.NextResultAsync(cancellationToken))
                await ReadAsync(reader, byName, written, cancellationToken);
        }

        return written.Count == reports.Count ? [] : [.. reports.Where(report => !written.Contains(report))];
    }

    /// <summary>One statement updates a row once: of several reports of one session, the later ones go the long way.</summary>
    private static (List<SessionReport> ByClass, List<SessionReport> ByName) Choose(
        IReadOnlyList<SessionReport> reports)
    {
        var (byClass, byName) = (new List<SessionReport>(reports.Count), new List<SessionReport>());
        var (classes, names) = (new HashSet<(Guid, Guid)>(), new HashSet<(Guid, Guid, string, string)>());
        foreach (var report in reports.Where(report => report.IsInterim))
        {
            if (report.SessionId is { } id)
            {
                if (classes.Add((report.TenantId, id)))
                    byClass.Add(report);
            }
            else if (names.Add((report.TenantId, report.RouterId, report.NasSessionId, report.SessionUserName)))
            {
                byName.Add(report);
            }
        }

        // The same session may stand in both, with a Class and without; its row is then written by one transaction,
        // twice, in two statements.
        byClass.Sort(static (a, b) => (a.TenantId, a.SessionId!.Value).CompareTo((b.TenantId, b.SessionId!.Value)));
        return (byClass, byName);
    }

    private async Task ReadAsync(
        NpgsqlDataReader reader, List<SessionReport> sent, HashSet<SessionReport> written, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            var report = sent[reader.GetInt32(0)];
            written.Add(report);
            if (!reader.IsDBNull(1))
                watch.Grown(report.TenantId, reader.GetGuid(1));
        }
    }

    private static void Add(
        NpgsqlBatch batch, string sql, List<SessionReport> reports, FrozenDictionary<Guid, DaysOfTenant> days)
    {
        if (reports.Count == 0)
            return;

        var ofDay = reports.ConvertAll(report => days[report.TenantId].At(report.HeardAt));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                Arrays.Of(reports, report => report.TenantId),
                Arrays.Of(reports, report => report.SessionId),
                Arrays.Of(reports, report => report.RouterId),
                Arrays.Of(reports, report => report.NasSessionId),
                Arrays.Of(reports, report => report.SessionUserName),
                Arrays.Of(reports, report => report.MacAddress),
                Arrays.Of(reports, report => report.Address),
                Arrays.Of(reports, report => report.StartedAt),
                Arrays.Of(reports, report => report.HeardAt),
                Arrays.Of(reports, report => report.UploadedBytes),
                Arrays.Of(reports, report => report.DownloadedBytes),
                Arrays.Of(reports, report => report.SessionSeconds),
                Arrays.Of(reports, report => report.MayWrap),
                Arrays.Of(ofDay, day => day.BeginsAt),
                Arrays.Of(ofDay, day => day.Date),
                Arrays.Of(ofDay, day => day.IdPrefix),
            },
        });
    }
}
