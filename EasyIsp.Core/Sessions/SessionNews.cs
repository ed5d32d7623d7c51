using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Sessions;

/// <summary>Which sessions began and ended since an instant, for those who follow along.</summary>
public sealed class SessionNews(IspDatabase database)
{
    /// <summary>
    /// What was written at <paramref name="since"/> or later, by the database's clock. A transaction that is still open may
    /// yet add something before <see cref="SessionNewsPage.ReadAt"/>: whoever reads on from there looks back a little.
    /// </summary>
    /// <param name="begunSince">
    /// Looks for what is open among the sessions that began then or later, which an index finds; null looks at all of them.
    /// What a router reports late is only found so.
    /// </param>
    /// <param name="take">When there is more, the page says so and is not whole.</param>
    public async Task<SessionNewsPage> SinceAsync(
        DateTimeOffset since, DateTimeOffset? begunSince, int take, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var readAt = await db.Database.SqlQuery<DateTimeOffset>($"select now() as \"Value\"").SingleAsync(cancellationToken);
        IQueryable<OpenSession> open = db.OpenSessions;
        if (begunSince is { } instant)
        {
            var first = TimeId.FirstOf(instant);
            open = open.Where(s => s.Id >= first);
        }

        var begun = await open.Where(s => s.RecordedAt >= since)
            .OrderBy(s => s.RecordedAt).Take(take + 1)
            .Select(s => new SessionNewsItem(s.Id, s.RecordedAt, false)).ToListAsync(cancellationToken);
        var ended = await db.Sessions.Where(s => s.RecordedAt >= since)
            .OrderBy(s => s.RecordedAt).Take(take + 1)
            .Select(s => new SessionNewsItem(s.Id, s.RecordedAt, true)).ToListAsync(cancellationToken);
        return new SessionNewsPage([.. begun, .. ended], readAt, begun.Count > take || ended.Count > take);
    }
}

/// <param name="RecordedAt">When it was written; with <paramref name="HasEnded"/> and the id it names the news for good.</param>
/// <param name="HasEnded">Else it has begun.</param>
public readonly record struct SessionNewsItem(Guid SessionId, DateTimeOffset RecordedAt, bool HasEnded);

/// <param name="Items">In no order.</param>
/// <param name="ReadAt">By the database's clock.</param>
public sealed record SessionNewsPage(IReadOnlyList<SessionNewsItem> Items, DateTimeOffset ReadAt, bool HasMore);
