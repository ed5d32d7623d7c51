using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Which accounts prompts go by at which router. Money that customers send by themselves names no router: it is told and
/// matched the same everywhere.
/// </summary>
public sealed class AccountPlaces(IspDatabase database, PaymentProviders providers, AuditTrail audit, TimeProvider clock)
{
    /// <returns>Null when there is no such account that prompts.</returns>
    public async Task<PlacesOfAccount?> FindAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (!await Prompting(db).AnyAsync(a => a.Id == accountId, cancellationToken))
            return null;

        var others = await Prompting(db).AnyAsync(
            a => a.DisabledAt == null && a.Id != accountId && !db.PaymentAccountRouters.Any(b => b.PaymentAccountId == a.Id), cancellationToken);
        var own = await Places(db, db.PaymentAccountRouters.Where(b => b.PaymentAccountId == accountId)).ToListAsync(cancellationToken);
        return new PlacesOfAccount(own, others);
    }

    /// <summary>Where the accounts with places of their own have them; an account that is not named serves everywhere else.</summary>
    public async Task<ILookup<Guid, AccountPlace>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var places = await Places(db, db.PaymentAccountRouters).ToListAsync(cancellationToken);
        return places.ToLookup(place => place.AccountId);
    }

    /// <summary>The accounts that are for this router alone: none of them is used any more when it is archived.</summary>
    /// <returns>Their names.</returns>
    public async Task<IReadOnlyList<string>> OnlyAtAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Prompting(db)
            .Where(a => a.DisabledAt == null && db.PaymentAccountRouters.Any(b => b.PaymentAccountId == a.Id && b.RouterId == routerId))
            .Where(a => !db.PaymentAccountRouters.Any(
                b => b.PaymentAccountId == a.Id && b.RouterId != routerId && db.Routers.Any(r => r.Id == b.RouterId && r.ArchivedAt == null)))
            .OrderBy(a => a.Name)
            .Select(a => a.Name)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Counts from the next prompt on; those on phones now stay their account's.</summary>
    /// <param name="routers">Empty: everywhere that no account is the router's own.</param>
    /// <param name="original">What the choice began as: a colleague's change since then is not overwritten.</param>
    public async Task<BindOutcome> BindAsync(
        Guid accountId, IReadOnlyCollection<Guid> routers, IReadOnlyCollection<Guid> original, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"select 1 from payment_accounts where tenant_id = {db.CurrentTenantId} and id = {accountId} for update", cancellationToken);
        if (await Prompting(db).SingleOrDefaultAsync(a => a.Id == accountId && a.DisabledAt == null, cancellationToken) is not { } account)
            return BindOutcome.AccountGone;

        var present = await db.PaymentAccountRouters.Where(b => b.PaymentAccountId == accountId).ToListAsync(cancellationToken);
        if (!present.Select(binding => binding.RouterId).ToHashSet().SetEquals(original))
            return BindOutcome.ChangedMeanwhile;

        var added = routers.Except(original).ToList();
        if (await db.Routers.IgnoreQueryFilters([QueryFilters.Place]).CountAsync(r => added.Contains(r.Id) && r.ArchivedAt == null, cancellationToken) != added.Count)
            return BindOutcome.RouterGone;

        db.PaymentAccountRouters.RemoveRange(present.Where(binding => !routers.Contains(binding.RouterId)));
        db.PaymentAccountRouters.AddRange(added.Select(router => PaymentAccountRouter.Bind(account, router, clock.GetUtcNow())));
        var names = await db.Routers.IgnoreQueryFilters([QueryFilters.Place]).Where(r => routers.Contains(r.Id)).OrderBy(r => r.Name).Select(r => r.Name).ToListAsync(cancellationToken);
        audit.Record(db, "payment-account.routers", account.Id, new { account.Name, Routers = names });
        await db.CommitAsync(cancellationToken);
        return BindOutcome.Bound;
    }

    /// <summary>Where an account is used is a setting of the company: whoever looks at it sees all of its routers.</summary>
    private IQueryable<PaymentAccount> Prompting(IspDbContext db)
        => db.PaymentAccounts.IgnoreQueryFilters([QueryFilters.Place]).Where(a => providers.Rails.Contains(a.Rail));

    private static IQueryable<AccountPlace> Places(IspDbContext db, IQueryable<PaymentAccountRouter> bindings)
        => from binding in bindings.IgnoreQueryFilters([QueryFilters.Place])
           join router in db.Routers on binding.RouterId equals router.Id
           orderby router.Name
           select new AccountPlace(binding.PaymentAccountId, router.Id, router.Name, router.ArchivedAt != null);
}

/// <param name="Routers">Empty: wherever no account is the router's own.</param>
/// <param name="OthersServeElsewhere">Another account that is in use has no router of its own.</param>
public sealed record PlacesOfAccount(IReadOnlyList<AccountPlace> Routers, bool OthersServeElsewhere);

/// <summary>A router that an account is for.</summary>
/// <param name="IsArchived">Nothing is asked for there any more.</param>
public sealed record AccountPlace(Guid AccountId, Guid RouterId, string Router, bool IsArchived);

public enum BindOutcome
{
    Bound,

    /// <summary>It is disabled, or not there.</summary>
    AccountGone,

    /// <summary>One of the routers was archived since they were listed.</summary>
    RouterGone,

    /// <summary>Somebody else chose other routers since the choice was begun.</summary>
    ChangedMeanwhile,
}
