using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>Pulled rows of which nothing could be made, and what people found out about them.</summary>
public sealed class UnreadRows(IspDatabase database, AuditTrail audit, TimeProvider clock)
{
    private const int Most = 50;

    /// <summary>Those that nobody has explained, oldest first; at most 50.</summary>
    /// <param name="accountId">Null is all.</param>
    public async Task<IReadOnlyList<UnreadRow>> ListAsync(Guid? accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.UnreadRows.AsNoTracking()
            .Where(r => r.Reason == null && (accountId == null || r.PaymentAccountId == accountId))
            .OrderBy(r => r.SeenAt).ThenBy(r => r.Id)
            .Take(Most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The row hinders no more; the next pull counts its hours as read.</summary>
    /// <returns>False without a reason, or when somebody was first.</returns>
    public async Task<bool> ExplainAsync(Guid rowId, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return false;

        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.UnreadRows.SingleOrDefaultAsync(r => r.Id == rowId, cancellationToken) is not { } row || !row.Explain(reason.Trim(), clock.GetUtcNow()))
            return false;

        audit.Record(db, "reconciliation.explain-row", row.Id, new { row.Text, row.Reason });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Participant: notes the rows that were not known.</summary>
    /// <returns>How many of them nobody has explained.</returns>
    internal static async Task<int> NoteAsync(
        IspDbContext db, PaymentAccount account, IReadOnlyCollection<string> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var byDigest = rows.Select(row => (Digest: UnreadRow.DigestOf(row), Row: row)).DistinctBy(row => Convert.ToHexString(row.Digest)).ToList();
        var digests = byDigest.Select(row => row.Digest).ToArray();
        var known = await db.UnreadRows.AsNoTracking()
            .Where(r => r.PaymentAccountId == account.Id && digests.Contains(r.Digest))
            .Select(r => new { r.Digest, IsExplained = r.Reason != null })
            .ToListAsync(cancellationToken);
        var fresh = byDigest.Where(row => !known.Exists(seen => seen.Digest.AsSpan().SequenceEqual(row.Digest))).ToList();
        db.UnreadRows.AddRange(fresh.Select(row => UnreadRow.Of(account, row.Row, now)));
        return fresh.Count + known.Count(row => !row.IsExplained);
    }
}
