using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Tenancy;

/// <summary>What a tenant's admin decides for customers who are refused.</summary>
public sealed class LimitedAccessDesk(IspDatabase database, AuditTrail audit, TimeProvider clock)
{
    public async Task<IReadOnlyList<LimitedAccessTerms>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.LimitedAccess.AsNoTracking()
            .Select(a => new LimitedAccessTerms(a.Reason, a.AddressPool, a.AddressList, a.Kbps, a.Length))
            .ToListAsync(cancellationToken);
    }

    /// <summary>From the next login on.</summary>
    /// <returns>The name of the property of <see cref="LimitedAccessTerms"/> that cannot stand; null when it is saved.</returns>
    public async Task<string?> OfferAsync(LimitedAccessTerms terms, CancellationToken cancellationToken)
    {
        if (LimitedAccessTerms.FaultIn(terms) is { } fault)
            return fault;

        await using var db = await database.OpenAsync(cancellationToken);
        await LockAsync(db, cancellationToken);
        if (await db.LimitedAccess.SingleOrDefaultAsync(a => a.Reason == terms.Reason, cancellationToken) is { } access)
            access.Change(terms);
        else
            db.LimitedAccess.Add(LimitedAccess.Offer(db.CurrentTenantId, terms, clock.GetUtcNow()));
        audit.Record(db, "tenant.offer-limited-access", db.CurrentTenantId, new
        {
            Reason = terms.Reason.ToString(),
            terms.AddressPool,
            terms.AddressList,
            terms.Kbps,
            terms.Length,
        });
        await db.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Whom it concerned is refused from now on.</summary>
    public async Task WithdrawAsync(LimitedReason reason, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await LockAsync(db, cancellationToken);
        if (await db.LimitedAccess.SingleOrDefaultAsync(a => a.Reason == reason, cancellationToken) is not { } access)
            return;

        db.LimitedAccess.Remove(access);
        audit.Record(db, "tenant.withdraw-limited-access", db.CurrentTenantId, new { Reason = reason.ToString() });
        await db.CommitAsync(cancellationToken);
    }

    private static Task<int> LockAsync(IspDbContext db, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync($"select 1 from tenants where id = {db.CurrentTenantId} for update", cancellationToken);
}
