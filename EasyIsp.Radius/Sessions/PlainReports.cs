using System.Collections.Frozen;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Writes reports that concern one session and nothing else: it begins, grows, or ends. All of a group in one round trip
/// and one commit.
/// </summary>
internal sealed class PlainReports(DataWatch watch, Places places, FreshSessions fresh)
{
    /// <param name="ended">Sessions that have ended since these reports were taken to be written.</param>
    /// <returns>What was not written, in its order.</returns>
    /// <exception cref="NpgsqlException">Nothing was written.</exception>
    public async Task<List<SessionReport>> WriteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<SessionReport> reports,
        FrozenDictionary<Guid, DaysOfTenant> days,
        IReadOnlySet<Guid>? ended,
        CancellationToken cancellationToken)
    {
        var chosen = PlainChoice.Of(reports, days);
        if (chosen.IsEmpty)
            return [.. reports];

        await using var batch = new NpgsqlBatch(connection);
        if (chosen.Moving is { Count: > 0 } moving)
        {
            batch.BatchCommands.Add(SessionSql.LockRoutersOf(moving));
            batch.BatchCommands.Add(SessionSql.LockMovingCommand());
        }

        var sent = chosen.AddTo(batch, places);
        await batch.PrepareAsync(cancellationToken);
        var written = new HashSet<SessionReport>(ReferenceEqualityComparer.Instance);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            for (var skipped = batch.BatchCommands.Count - sent.Count; skipped > 0; skipped--)
                await reader.NextResultAsync(cancellationToken);
            foreach (var statement in sent)
            {
                await ReadAsync(reader, statement, written, cancellationToken);
                await reader.NextResultAsync(cancellationToken);
            }
        }

        Tell(written, ended);
        return written.Count == reports.Count ? [] : [.. reports.Where(report => !written.Contains(report))];
    }

    private async Task ReadAsync(
        NpgsqlDataReader reader, List<SessionReport> sent, HashSet<SessionReport> written, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            var report = sent[reader.GetInt32(0)];
            written.Add(report);
            if (report.HasTraffic && !reader.IsDBNull(1))
                watch.Grown(report.TenantId, reader.GetGuid(1));
        }
    }

    private void Tell(HashSet<SessionReport> written, IReadOnlySet<Guid>? ended)
    {
        foreach (var report in written)
        {
            if (report.End is not null)
                places.Free(report.TenantId, report.SessionId!.Value);
            else if (report.IsStart)
            {
                places.Open(report.PlaceOf(report.SessionId!.Value, report.Owner!.CustomerId!.Value), ended);
                fresh.Began(report.TenantId, report.SessionId!.Value);
            }
        }
    }
}
