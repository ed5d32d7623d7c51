using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity.ApiTokens;

/// <summary>
/// Whose a token is. Asked on every request, so what is found is kept until the database announces a change of tokens, and
/// for a minute at most; what is not found is asked again each time.
/// </summary>
public sealed class ApiTokenDirectory : IDisposable
{
    private static readonly TimeSpan Shelf = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromMinutes(1);

    private readonly PlatformDatabase _database;
    private readonly ChangeFeed _changes;
    private readonly TimeProvider _clock;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<string, (ApiTokenStanding Token, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _usesNoted = new();
    private int _changesSeen;

    public ApiTokenDirectory(PlatformDatabase database, ChangeFeed changes, TimeProvider clock)
    {
        (_database, _changes, _clock) = (database, changes, clock);
        _subscription = changes.Subscribe(Forget);
    }

    /// <returns>Null when there is no such token; one that is revoked or expired is still known, and says so.</returns>
    public async Task<ApiTokenStanding?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (ApiTokenText.DigestOf(text) is not { } digest)
            return null;

        var (key, now) = (Convert.ToHexString(digest), _clock.GetUtcNow());
        if (_known.TryGetValue(key, out var kept) && kept.Until > now)
            return kept.Token;

        var changesSeen = Volatile.Read(ref _changesSeen);
        await using var db = await _database.OpenAsync(cancellationToken);
        var found = await Standings(db, db.ApiTokenKeys.Where(k => k.Digest == digest)).SingleOrDefaultAsync(cancellationToken);
        // Without the feed nothing would tell of a revocation, and one that came during the query is not in the answer.
        if (found is not null && _changes.IsListening && changesSeen == Volatile.Read(ref _changesSeen))
            _known[key] = (found, now + Shelf);
        return found;
    }

    /// <summary>The same token again, for who has held on to it.</summary>
    public async Task<ApiTokenStanding?> FindAsync(Guid tenantId, Guid tokenId, CancellationToken cancellationToken)
    {
        await using var db = await _database.OpenAsync(cancellationToken);
        return await Standings(db, db.ApiTokenKeys.Where(k => k.TenantId == tenantId && k.TokenId == tokenId))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Writes down that the token is in use, at most once a minute.</summary>
    public async Task NoteUseAsync(ApiTokenStanding token, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var before = now - UseNotedEvery;
        if (_usesNoted.TryGetValue(token.Id, out var noted) && noted > before)
            return;

        _usesNoted[token.Id] = now;
        await using var db = await _database.OpenAsync(cancellationToken);
        await db.ApiTokens.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(t => t.TenantId == token.TenantId && t.Id == token.Id && (t.LastUsedAt == null || t.LastUsedAt <= before))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    public void Dispose() => _subscription.Dispose();

    private static IQueryable<ApiTokenStanding> Standings(IspDbContext db, IQueryable<ApiTokenKey> keys)
        => from key in keys
           join token in db.ApiTokens.IgnoreQueryFilters([QueryFilters.Tenant])
               on new { key.TenantId, Id = key.TokenId } equals new { token.TenantId, token.Id }
           select new ApiTokenStanding(token.Id, token.TenantId, token.MadeBy, token.Name, token.Permissions, token.ExpiresAt, token.RevokedAt);

    private void Forget(Change change)
    {
        if (!change.IsEverything && change.Table != "api_tokens")
            return;

        Interlocked.Increment(ref _changesSeen);
        _known.Clear();
    }
}

/// <param name="MadeBy">In whose name it acts.</param>
public sealed record ApiTokenStanding(
    Guid Id,
    Guid TenantId,
    Guid MadeBy,
    string Name,
    IReadOnlyList<Permission> Permissions,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    public bool IsGoodAt(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}
