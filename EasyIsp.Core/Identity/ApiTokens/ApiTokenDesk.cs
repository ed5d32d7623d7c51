using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity.ApiTokens;

/// <summary>What staff do with the tokens of their company.</summary>
public sealed class ApiTokenDesk(IspDatabase database, StaffDirectory staff, Actor actor, AuditTrail audit, TimeProvider clock)
{
    private const int MostListed = 200;

    /// <summary>Those that are not revoked first, the newest first.</summary>
    public async Task<IReadOnlyList<ApiTokenRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await db.ApiTokens
            .OrderBy(t => t.RevokedAt != null).ThenByDescending(t => t.Id)
            .Take(MostListed)
            .Select(t => new ApiTokenRow(
                t.Id,
                t.Name,
                t.Hint,
                t.Permissions,
                t.MadeByName,
                t.CreatedAt,
                t.ExpiresAt,
                t.LastUsedAt,
                t.RevokedAt,
                t.RevokedAt != null ? ApiTokenState.Revoked
                    : t.ExpiresAt <= now ? ApiTokenState.Expired
                    : db.Memberships.Any(m => m.UserId == t.MadeBy && m.EndedAt == null) ? ApiTokenState.Active
                    : ApiTokenState.Orphaned))
            .ToListAsync(cancellationToken);
    }

    /// <summary>In the name of the present actor, with no more than he may do himself.</summary>
    public async Task<ApiTokenOutcome> MakeAsync(ApiTokenDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var (now, tenantId) = (clock.GetUtcNow(), db.CurrentTenantId);
        var access = actor.UserId is { } userId ? await staff.AccessAsync(userId, tenantId, cancellationToken) : null;
        if (ApiTokenRules.FaultsIn(draft, access, now) is { Count: > 0 } faults)
            return new ApiTokenOutcome.Refused(faults);

        var text = ApiTokenText.New();
        var token = ApiToken.Make(tenantId, draft, text, actor.UserId!.Value, actor.Name, now);
        db.ApiTokens.Add(token);
        db.ApiTokenKeys.Add(new ApiTokenKey(ApiTokenText.DigestOf(text)!, tenantId, token.Id));
        audit.Record(db, "api-token.make", tenantId, new { token.Name, token.Hint, May = token.Permissions.Select(p => p.ToString()), token.ExpiresAt });
        await db.CommitAsync(cancellationToken);
        return new ApiTokenOutcome.Made(token.Id, text);
    }

    /// <summary>What uses it is refused, and its open streams are closed, within two seconds.</summary>
    /// <returns>False when it was revoked before, or never was.</returns>
    public async Task<bool> RevokeAsync(Guid tokenId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.ApiTokens.SingleOrDefaultAsync(t => t.Id == tokenId && t.RevokedAt == null, cancellationToken) is not { } token)
            return false;

        token.Revoke(clock.GetUtcNow());
        audit.Record(db, "api-token.revoke", token.TenantId, new { token.Name, token.Hint });
        await db.CommitAsync(cancellationToken);
        return true;
    }
}
