using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity;

/// <summary>
/// How far the present actor reaches over others: nobody gives a permission that he lacks, and nobody touches the place or the
/// account of who may more than he. Asked of the database in the deed's own transaction.
/// </summary>
public sealed class StaffAuthority(IDbContextFactory<StaffContext> staff, Actor actor)
{
    /// <returns>Everything for the super admin, who works here as support; nothing for who does not work here.</returns>
    public async Task<IReadOnlySet<Permission>> OwnAsync(IspDbContext db, CancellationToken cancellationToken)
    {
        if (actor.UserId is not { } userId)
            return new HashSet<Permission>();

        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        if (await accounts.Users.AnyAsync(u => u.Id == userId && u.IsSuperAdmin, cancellationToken))
            return Enum.GetValues<Permission>().ToHashSet();

        return await RoleOfAsync(db, userId, cancellationToken) is { } role ? role.Permissions.ToHashSet() : [];
    }

    /// <returns>Also true for who does not work here: there is no place to touch.</returns>
    internal async Task<bool> ReachesAsync(IspDbContext db, Guid userId, CancellationToken cancellationToken)
        => await RoleOfAsync(db, userId, cancellationToken) is not { } role
            || (await OwnAsync(db, cancellationToken)).IsSupersetOf(role.Permissions);

    /// <summary>Until the end of the transaction it neither changes nor goes.</summary>
    /// <returns>Null when the company has no such role.</returns>
    internal static Task<Role?> HoldAsync(IspDbContext db, Guid roleId, CancellationToken cancellationToken)
        => db.Roles.FromSql($"select * from roles where id = {roleId} for share").SingleOrDefaultAsync(cancellationToken);

    private static async Task<Role?> RoleOfAsync(IspDbContext db, Guid userId, CancellationToken cancellationToken)
        => await db.Memberships.Where(m => m.UserId == userId && m.EndedAt == null)
            .Join(db.Roles.AsNoTracking(), m => m.RoleId, r => r.Id, (_, role) => role)
            .SingleOrDefaultAsync(cancellationToken);
}
