using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Routers;

/// <summary>What staff do with their routers: add them, correct them, show and change their secret, take them away.</summary>
public sealed class RouterDesk(IspDatabase database, SecretCodec codec, AuditTrail audit, TimeProvider clock)
{
    private const int SecretLength = 32;

    /// <summary>The secret is made here; <see cref="RevealSecretAsync"/> shows it to whoever sets the router up.</summary>
    public async Task<RouterOutcome> AddAsync(RouterDraft draft, CancellationToken cancellationToken)
    {
        if (RouterRules.FaultsIn(draft) is { Count: > 0 } faults)
            return new RouterOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        var router = Router.Add(
            db.CurrentTenantId, draft.Name!, RouterRules.ParseAddress(draft.Address)!, NewSecret(db), clock.GetUtcNow());
        Apply(router, draft);
        db.Routers.Add(router);
        audit.Record(db, "router.add", router.Id, new { router.Name, Address = router.Address.ToString() });
        return await CommitAsync(db, router, cancellationToken);
    }

    public async Task<RouterInHand?> TakeInHandAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return null;

        var api = router.Api is { } access ? new RouterApiDraft(access.User, null, access.Port, access.CertificateFingerprint) : null;
        return new RouterInHand(DraftOf(router), api);
    }

    /// <param name="original">What the draft began as: a colleague's change since then is not overwritten.</param>
    public async Task<RouterOutcome> ChangeAsync(
        Guid routerId, RouterDraft draft, RouterDraft original, CancellationToken cancellationToken)
    {
        if (RouterRules.FaultsIn(draft) is { Count: > 0 } faults)
            return new RouterOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return new RouterOutcome.Gone();

        if (DraftOf(router) != original)
            return new RouterOutcome.ChangedMeanwhile();

        Apply(router, draft);
        audit.Record(db, "router.change", router.Id, draft);
        return await CommitAsync(db, router, cancellationToken);
    }

    /// <param name="window">
    /// How long the router may go on with the secret that it has; zero makes it a stranger until it is given the new one.
    /// </param>
    public async Task<RouterOutcome> RotateSecretAsync(Guid routerId, TimeSpan window, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return new RouterOutcome.Gone();

        router.RotateSecret(NewSecret(db), window, clock.GetUtcNow());
        audit.Record(db, "router.rotate-secret", router.Id, new { router.Name, PreviousGoodUntil = router.PreviousSecretUntil });
        return await CommitAsync(db, router, cancellationToken);
    }

    /// <summary>The new secret alone is good from now on, also where the router does not have it yet.</summary>
    public Task<RouterOutcome> EndSecretChangeAsync(Guid routerId, CancellationToken cancellationToken)
        => SettleSecretAsync(routerId, "router.end-secret-change", router => router.EndSecretChange(), cancellationToken);

    /// <summary>The old secret is the router's again; the new one stays good as long as was said.</summary>
    public Task<RouterOutcome> RollBackSecretAsync(Guid routerId, CancellationToken cancellationToken)
        => SettleSecretAsync(routerId, "router.roll-back-secret", router => router.RollBackSecret(), cancellationToken);

    /// <summary>A named reveal: whoever asks is written down.</summary>
    /// <returns>Null when there is no such router.</returns>
    public async Task<string?> RevealSecretAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return null;

        audit.Record(db, "router.reveal-secret", router.Id, new { router.Name });
        await db.CommitAsync(cancellationToken);
        return codec.Reveal(router.TenantId, router.RadiusSecret);
    }

    /// <param name="draft">Null: the API is no longer used, devices log in by their browser.</param>
    public async Task<RouterOutcome> SetApiAccessAsync(Guid routerId, RouterApiDraft? draft, CancellationToken cancellationToken)
    {
        if (draft is not null && RouterRules.FaultsIn(draft) is { Count: > 0 } faults)
            return new RouterOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return new RouterOutcome.Gone();

        if (draft is null)
        {
            router.ReachByApi(null);
        }
        else
        {
            var password = string.IsNullOrEmpty(draft.Password) ? router.Api?.Password : codec.Protect(router.TenantId, draft.Password);
            if (password is null)
                return new RouterOutcome.Refused([RouterFault.ApiPassword]);
            router.ReachByApi(new RouterApiAccess(
                draft.User!.Trim(), password, draft.Port, RouterRules.NormalizeFingerprint(draft.CertificateFingerprint)));
        }

        audit.Record(db, "router.set-api", router.Id, new { draft?.User, draft?.Port, IsUsed = draft is not null });
        return await CommitAsync(db, router, cancellationToken);
    }

    /// <summary>The portal answers for this router at <c>/h/{code}</c>; a code that it had before is given up.</summary>
    public async Task<RouterOutcome> ClaimSiteAsync(Guid routerId, string code, CancellationToken cancellationToken)
    {
        code = code.Trim().ToLowerInvariant();
        if (!PortalSite.IsCode(code))
            return new RouterOutcome.Refused([RouterFault.SiteCode]);

        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return new RouterOutcome.Gone();

        var present = await db.PortalSites.Where(s => s.RouterId == routerId).ToListAsync(cancellationToken);
        if (present is [{ Code: var known }] && known == code)
            return new RouterOutcome.Saved(routerId);

        db.PortalSites.RemoveRange(present);
        db.PortalSites.Add(PortalSite.Claim(code, router.TenantId, routerId));
        audit.Record(db, "router.claim-site", router.Id, new { Code = code });
        return await CommitAsync(db, router, cancellationToken);
    }

    /// <summary>RADIUS no longer answers it, and its site code is free again.</summary>
    public async Task<RouterOutcome> ArchiveAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return new RouterOutcome.Gone();

        router.Archive(clock.GetUtcNow());
        db.PortalSites.RemoveRange(await db.PortalSites.Where(s => s.RouterId == routerId).ToListAsync(cancellationToken));
        audit.Record(db, "router.archive", router.Id, new { router.Name });
        return await CommitAsync(db, router, cancellationToken);
    }

    /// <summary>Where no change of secrets is under way (any more), there is nothing to settle, and nothing is done.</summary>
    private async Task<RouterOutcome> SettleSecretAsync(
        Guid routerId, string action, Action<Router> settle, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, routerId, cancellationToken) is not { } router)
            return new RouterOutcome.Gone();
        if (!router.IsSecretChanging(clock.GetUtcNow()))
            return new RouterOutcome.ChangedMeanwhile();

        settle(router);
        audit.Record(db, action, router.Id, new { router.Name });
        return await CommitAsync(db, router, cancellationToken);
    }

    private static RouterDraft DraftOf(Router router) => new(
        router.Name,
        router.Address.ToString(),
        router.CoaPort,
        router.MessageAuthenticator,
        router.HotspotHost,
        router.IsTrustedProxy,
        router.TunnelAddress?.ToString(),
        RouterRules.Write(router.SourceNetworks));

    private static void Apply(Router router, RouterDraft draft)
    {
        router.Change(draft.Name!, RouterRules.ParseAddress(draft.Address)!, draft.CoaPort, draft.MessageAuthenticator);
        router.SendFrom(RouterRules.ParseAddress(draft.TunnelAddress), RouterRules.ParseNetworks(draft.SourceNetworks)!);
        router.ServeHotspotAt(draft.HotspotHost);
        router.TrustAsProxy(draft.IsTrustedProxy);
    }

    private Secret NewSecret(IspDbContext db) => codec.Protect(db.CurrentTenantId, RandomText.Readable(SecretLength));

    /// <summary>Locks the row first: RADIUS writes into it whenever the router is heard.</summary>
    private static async Task<Router?> FindAsync(IspDbContext db, Guid routerId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"select 1 from routers where tenant_id = {db.CurrentTenantId} and id = {routerId} for update", cancellationToken);
        return await db.Routers.SingleOrDefaultAsync(r => r.Id == routerId && r.ArchivedAt == null, cancellationToken);
    }

    private static async Task<RouterOutcome> CommitAsync(IspDbContext db, Router router, CancellationToken cancellationToken)
    {
        try
        {
            await db.CommitAsync(cancellationToken);
            return new RouterOutcome.Saved(router.Id);
        }
        catch (DbUpdateException conflict) when (TakenBy(conflict) is { } fault)
        {
            return new RouterOutcome.Refused([fault]);
        }
    }

    private static RouterFault? TakenBy(DbUpdateException conflict)
        => conflict.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation
            ? violation.ConstraintName switch
            {
                "ix_routers_tenant_id_name" => RouterFault.NameTaken,
                "pk_portal_sites" => RouterFault.SiteCodeTaken,
                _ => null,
            }
            : null;
}

/// <summary>A router taken out to be edited; its API password stays where it is.</summary>
public sealed record RouterInHand(RouterDraft Draft, RouterApiDraft? Api);

public abstract record RouterOutcome
{
    private RouterOutcome() { }

    public sealed record Saved(Guid RouterId) : RouterOutcome;

    public sealed record Refused(IReadOnlyList<RouterFault> Faults) : RouterOutcome;

    /// <summary>Somebody else changed the router since it was looked at; nothing was written.</summary>
    public sealed record ChangedMeanwhile : RouterOutcome;

    public sealed record Gone : RouterOutcome;
}
