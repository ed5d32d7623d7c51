using EasyIsp.Core.Identity.Post;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity.SignIns;

/// <summary>Where a person is signed in, since when, and the end of it.</summary>
public sealed class SignInLog(StaffContext db, StaffPost post, StaffAudit audit, TimeProvider clock)
{
    /// <summary>Older ones are forgotten when the person signs in again.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    /// <summary>A browser that the person never used before is told of by mail, but for the first one of all.</summary>
    public async Task<Guid> BeginAsync(StaffUser user, SignInMethod method, Visitor visitor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var earlier = db.SignIns.Where(s => s.UserId == user.Id);
        await earlier.Where(s => s.LastSeenAt < now - KeptFor).ExecuteDeleteAsync(cancellationToken);
        var isNewDevice = await earlier.AnyAsync(cancellationToken)
            && !await earlier.AnyAsync(s => s.Device == visitor.Device, cancellationToken);

        var begun = SignIn.Begin(user.Id, method, visitor, now);
        db.SignIns.Add(begun);
        if (isNewDevice)
            post.Tell(db, user, StaffMailKind.NewDevice, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return begun.Id;
    }

    /// <summary>Those that are open, the last used first.</summary>
    public async Task<IReadOnlyList<SignIn>> OpenAsync(Guid userId, CancellationToken cancellationToken)
    {
        var idle = clock.GetUtcNow() - SignIn.IdleLimit;
        return await db.SignIns.AsNoTracking()
            .Where(s => s.UserId == userId && s.EndedAt == null && s.LastSeenAt > idle)
            .OrderByDescending(s => s.LastSeenAt)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The person leaves it himself. Its cookie and its open pages are of no use within two seconds.</summary>
    /// <returns>False when it was over already, or is another person's.</returns>
    public async Task<bool> LeaveAsync(Guid userId, Guid signInId, CancellationToken cancellationToken)
        => await EndAsync(db.SignIns.Where(s => s.UserId == userId && s.Id == signInId), cancellationToken) > 0;

    /// <summary>The person ends it from another one.</summary>
    public async Task EndAsync(StaffUser user, Guid signInId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var one = db.SignIns.Where(s => s.UserId == user.Id && s.Id == signInId);
        if (await EndAsync(one, cancellationToken) == 0)
            return;

        var agent = await one.Select(s => s.Agent).SingleAsync(cancellationToken);
        await audit.RecordAsync(db, user, "staff.end-sign-in", new { Browser = BrowserName.Of(agent) }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The person ends them all.</summary>
    public async Task EndEverywhereAsync(StaffUser user, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ended = await EndAllAsync(user.Id, except: null, cancellationToken);
        await audit.RecordAsync(db, user, "staff.end-sign-ins", new { Ended = ended }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Participant of the transaction that the context may be in.</summary>
    /// <param name="except">Stays; null for none.</param>
    /// <returns>How many ended.</returns>
    public Task<int> EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
        => EndAsync(db.SignIns.Where(s => s.UserId == userId && s.Id != except), cancellationToken);

    private Task<int> EndAsync(IQueryable<SignIn> signIns, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return signIns.Where(s => s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), cancellationToken);
    }
}
