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
        => (await ReachAsync(db, cancellationToken)).Permissions;

    internal async Task<StaffReach> ReachAsync(IspDbContext db, CancellationToken cancellationToken)
    {
        if (actor.UserId is not { } userId)
            return StaffReach.None;

        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        if (await accounts.Users.AnyAsync(u => u.Id == userId && u.IsSuperAdmin, cancellationToken))
            return new StaffReach(Enum.GetValues<Permission>().ToHashSet(), RouterIds: null);

        return await PlaceOfAsync(db, userId, cancellationToken) is { } place
            ? new StaffReach(place.Role.Permissions.ToHashSet(), place.RouterIds)
            : StaffReach.None;
    }

    /// <returns>Also true for who does not work here: there is no place to touch.</returns>
    internal async Task<bool> ReachesAsync(IspDbContext db, Guid userId, CancellationToken cancellationToken)
        => await PlaceOfAsync(db, userId, cancellationToken) is not { } place
            || (await ReachAsync(db, cancellationToken)).Covers(place.Role, place.RouterIds);

    /// <summary>Until the end of the transaction it neither changes nor goes.</summary>
    /// <returns>Null when the company has no such role.</returns>
    internal static Task<Role?> HoldAsync(IspDbContext db, Guid roleId, CancellationToken cancellationToken)
        => db.Roles.FromSql($"select * from roles where id = {roleId} for share").SingleOrDefaultAsync(cancellationToken);

    private static async Task<Place?> PlaceOfAsync(IspDbContext db, Guid userId, CancellationToken cancellationToken)
        => await db.Memberships.AsNoTracking().Where(m => m.UserId == userId && m.EndedAt == null)
            .Join(db.Roles.AsNoTracking(), m => m.RoleId, r => r.Id, (membership, role) => new Place { Role = role, RouterIds = membership.RouterIds })
            .SingleOrDefaultAsync(cancellationToken);

    private sealed class Place
    {
        public required Role Role { get; init; }
        public required IReadOnlyList<Guid>? RouterIds { get; init; }
    }
}

/// <summary>What somebody may, and where.</summary>
/// <param name="RouterIds">Null for everywhere.</param>
internal sealed record StaffReach(IReadOnlySet<Permission> Permissions, IReadOnlyList<Guid>? RouterIds)
{
    public static StaffReach None { get; } = new(new HashSet<Permission>(), []);

    public bool Covers(Role role, IReadOnlyList<Guid>? routerIds) => Permissions.IsSupersetOf(role.Permissions) && Covers(routerIds);

    public bool Covers(IReadOnlyList<Guid>? routerIds) => RouterIds is null || (routerIds is not null && routerIds.All(RouterIds.Contains));
}
