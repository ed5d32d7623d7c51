using EasyIsp.Core.Sessions;
using EasyIsp.Core.Sessions.Attempts;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Api.Events;

/// <summary>Reads out of the tables what happened since an instant: for a stream that comes again, and for those that follow.</summary>
internal sealed class EventReader(SessionNews news, SessionLists sessions, LoginLists logins, IOptions<JsonOptions> json)
{
    /// <param name="begunSince">See <see cref="SessionNews.SinceAsync"/>.</param>
    /// <param name="most">More sessions or logins than so many are not told one by one.</param>
    /// <param name="isKnown">Whether an event of this id need not be made again.</param>
    public async Task<EventBatch> ReadAsync(
        DateTimeOffset since, DateTimeOffset? begunSince, int most, Predicate<string> isKnown, CancellationToken cancellationToken)
    {
        var page = await news.SinceAsync(since, begunSince, most, cancellationToken);
        var refused = await RefusedAsync(since, most, cancellationToken);
        if (page.HasMore || refused.Count > most)
            return new EventBatch([], page.ReadAt, IsTooMuch: true);

        var fresh = page.Items.Where(item => !isKnown(ApiEvent.IdOf(item))).ToList();
        var rows = fresh.Count == 0
            ? []
            : (await sessions.FindAsync([.. fresh.Select(item => item.SessionId).Distinct()], cancellationToken)).ToDictionary(row => row.Id);
        var options = json.Value.SerializerOptions;
        var events = fresh.Where(item => rows.ContainsKey(item.SessionId)).Select(item => ApiEvent.Of(item, rows[item.SessionId], options))
            .Concat(refused.Where(login => !isKnown(ApiEvent.IdOf(login))).Select(login => ApiEvent.Of(login, options)));
        return new EventBatch([.. events.OrderBy(happened => happened.At).ThenBy(happened => happened.Id, StringComparer.Ordinal)], page.ReadAt, IsTooMuch: false);
    }

    /// <summary>Also those that were let in as far as a page that says why.</summary>
    private async Task<IReadOnlyList<LoginRow>> RefusedAsync(DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        var refused = await logins.ListAsync(new LoginQuery(Kind: LoginKind.Refused, Since: since, Take: most + 1), cancellationToken);
        var limited = await logins.ListAsync(new LoginQuery(Kind: LoginKind.Limited, Since: since, Take: most + 1), cancellationToken);
        return [.. refused.Rows, .. limited.Rows];
    }
}

/// <param name="Events">The oldest first.</param>
/// <param name="ReadAt">By the database's clock.</param>
internal sealed record EventBatch(IReadOnlyList<ApiEvent> Events, DateTimeOffset ReadAt, bool IsTooMuch);
