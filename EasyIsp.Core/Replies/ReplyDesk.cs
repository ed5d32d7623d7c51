using System.Linq.Expressions;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EasyIsp.Core.Replies;

/// <summary>What staff add to the Access-Accepts of a package, a router or a customer.</summary>
public sealed class ReplyDesk(IspDatabase database, AuditTrail audit, TimeProvider clock)
{
    public async Task<IReadOnlyList<ReplyDraft>> ListAsync(ReplyOwner owner, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await ListAsync(db, owner, cancellationToken);
    }

    /// <summary>Replaces all of an owner's attributes, from the next login on.</summary>
    /// <param name="original">The list as it was taken: a colleague's change since then is not overwritten.</param>
    public async Task<ReplyOutcome> ReplaceAsync(
        ReplyOwner owner, IReadOnlyList<ReplyDraft> drafts, IReadOnlyList<ReplyDraft> original, CancellationToken cancellationToken)
    {
        if (ReplyRules.FaultsIn(drafts) is { Count: > 0 } faults)
            return new ReplyOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({db.CurrentTenantId.ToString() + owner.Id}, 88))", cancellationToken);
        if (!(await ListAsync(db, owner, cancellationToken)).SequenceEqual(original))
            return new ReplyOutcome.ChangedMeanwhile();

        var now = clock.GetUtcNow();
        await db.ReplyAttributes.Where(IsOf(owner)).ExecuteDeleteAsync(cancellationToken);
        db.ReplyAttributes.AddRange(drafts.Select((draft, position) => ReplyAttribute.Add(
            db.CurrentTenantId, owner, AttributeCatalogue.Find(draft.Name)!, draft.Value!, position, now)));
        audit.Record(db, VerbOf(owner.Kind), owner.Id, new { Attributes = drafts.Select(draft => $"{draft.Name} = {draft.Value}") });
        try
        {
            await db.CommitAsync(cancellationToken);
            return new ReplyOutcome.Saved();
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            return new ReplyOutcome.Gone();
        }
    }

    private static Task<List<ReplyDraft>> ListAsync(IspDbContext db, ReplyOwner owner, CancellationToken cancellationToken)
        => db.ReplyAttributes.AsNoTracking()
            .Where(IsOf(owner))
            .OrderBy(a => a.Position)
            .Select(a => new ReplyDraft(a.Name, a.Value))
            .ToListAsync(cancellationToken);

    private static Expression<Func<ReplyAttribute, bool>> IsOf(ReplyOwner owner)
    {
        var id = owner.Id;
        return owner.Kind switch
        {
            ReplyOwnerKind.Package => attribute => attribute.PackageId == id,
            ReplyOwnerKind.Router => attribute => attribute.RouterId == id,
            _ => attribute => attribute.CustomerId == id,
        };
    }

    private static string VerbOf(ReplyOwnerKind kind) => kind switch
    {
        ReplyOwnerKind.Package => "package.set-attributes",
        ReplyOwnerKind.Router => "router.set-attributes",
        _ => "customer.set-attributes",
    };
}

public abstract record ReplyOutcome
{
    private ReplyOutcome() { }

    public sealed record Saved : ReplyOutcome;

    public sealed record Gone : ReplyOutcome;

    /// <summary>Somebody else changed the list since it was taken; nothing was written.</summary>
    public sealed record ChangedMeanwhile : ReplyOutcome;

    public sealed record Refused(IReadOnlyList<ReplyFault> Faults) : ReplyOutcome;
}

public static class RepliesFeature
{
    public static IServiceCollection AddReplies(this IServiceCollection services) => services.AddScoped<ReplyDesk>();
}
