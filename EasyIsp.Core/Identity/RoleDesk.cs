using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Identity;

/// <summary>The company's roles. Who has one feels a change of it within two seconds, on open pages and in the API.</summary>
public sealed class RoleDesk(IspDatabase database, StaffDesk staff, StaffAuthority authority, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Who may do most first.</summary>
    /// <param name="people">As <see cref="StaffDesk.ListAsync"/> gave them.</param>
    public async Task<IReadOnlyList<RoleRow>> ListAsync(IReadOnlyList<StaffRow> people, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var own = await authority.OwnAsync(db, cancellationToken);
        var roles = await db.Roles.AsNoTracking().ToListAsync(cancellationToken);
        return
        [
            .. roles.OrderByDescending(role => role.Permissions.Count).ThenBy(role => role.Name, StringComparer.CurrentCultureIgnoreCase).Select(role => new RoleRow(
                role.Id,
                role.Name,
                role.IsAdmin,
                role.Permissions.ToHashSet(),
                people.Count(person => person.RoleId == role.Id),
                people.Count(person => person.RoleId == role.Id && !person.HasSecondFactor),
                role.RequiresSecondFactor,
                own.IsSupersetOf(role.Permissions))),
        ];
    }

    /// <returns>Null when the company has no such role.</returns>
    public async Task<RoleInHand?> TakeInHandAsync(Guid roleId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.Roles.AsNoTracking().SingleOrDefaultAsync(r => r.Id == roleId, cancellationToken) is not { } role)
            return null;

        var people = await staff.ListAsync(cancellationToken);
        return new RoleInHand(
            role.Id,
            DraftOf(role),
            role.IsAdmin,
            role.RequiresSecondFactor,
            [.. people.Where(person => person.RoleId == roleId)],
            await authority.OwnAsync(db, cancellationToken));
    }

    /// <summary>What the present actor may himself, and so may give.</summary>
    public async Task<IReadOnlySet<Permission>> OwnAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await authority.OwnAsync(db, cancellationToken);
    }

    public async Task<RoleOutcome> MakeAsync(RoleDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (RoleRules.FaultsIn(draft, await authority.OwnAsync(db, cancellationToken)) is { Count: > 0 } faults)
            return new RoleOutcome.Refused(faults);

        var whole = draft.Whole();
        var role = Role.Create(db.CurrentTenantId, whole.Name, whole.Permissions, clock.GetUtcNow());
        db.Roles.Add(role);
        audit.Record(db, "role.make", role.Id, new { role.Name, May = NamesOf(role.Permissions) });
        return await SaveAsync(db, role.Id, cancellationToken);
    }

    /// <param name="original">As the person found it; a colleague's change meanwhile is not written over.</param>
    public async Task<RoleOutcome> ChangeAsync(Guid roleId, RoleDraft draft, RoleDraft original, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var own = await authority.OwnAsync(db, cancellationToken);
        if (RoleRules.FaultsIn(draft, own) is { Count: > 0 } faults)
            return new RoleOutcome.Refused(faults);
        if (await LockAsync(db, roleId, cancellationToken) is not { } role)
            return new RoleOutcome.Gone();
        if (role.IsAdmin || !own.IsSupersetOf(role.Permissions))
            return new RoleOutcome.OutOfReach();
        if (!DraftOf(role).IsSameAs(original))
            return new RoleOutcome.ChangedMeanwhile();

        var whole = draft.Whole();
        audit.Record(db, "role.change", role.Id, new
        {
            From = role.Name == whole.Name ? null : role.Name,
            To = role.Name == whole.Name ? null : whole.Name,
            Gave = NamesOf(whole.Permissions.Except(role.Permissions)),
            Took = NamesOf(role.Permissions.Except(whole.Permissions)),
        });
        role.Change(whole.Name, whole.Permissions);
        return await SaveAsync(db, role.Id, cancellationToken);
    }

    /// <summary>Only of a role that nobody has. Who had it once and left keeps nothing but his name in the history.</summary>
    public async Task<RoleOutcome> DeleteAsync(Guid roleId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await LockAsync(db, roleId, cancellationToken) is not { } role)
            return new RoleOutcome.Gone();
        if (role.IsAdmin || !(await authority.OwnAsync(db, cancellationToken)).IsSupersetOf(role.Permissions))
            return new RoleOutcome.OutOfReach();
        if (await db.Memberships.CountAsync(m => m.RoleId == roleId && m.EndedAt == null, cancellationToken) is > 0 and var people)
            return new RoleOutcome.InUse(people);

        await db.Memberships.Where(m => m.RoleId == roleId).ExecuteDeleteAsync(cancellationToken);
        db.Roles.Remove(role);
        audit.Record(db, "role.delete", db.CurrentTenantId, new { Role = role.Name, Might = NamesOf(role.Permissions) });
        await db.CommitAsync(cancellationToken);
        return new RoleOutcome.Deleted();
    }

    /// <summary>Who has the role and no second factor is led to set one up before anything else, within two seconds.</summary>
    public async Task<RoleOutcome> RequireSecondFactorAsync(Guid roleId, bool isRequired, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await LockAsync(db, roleId, cancellationToken) is not { } role)
            return new RoleOutcome.Gone();
        if (!(await authority.OwnAsync(db, cancellationToken)).IsSupersetOf(role.Permissions))
            return new RoleOutcome.OutOfReach();

        role.RequireSecondFactor(isRequired);
        audit.Record(db, isRequired ? "role.require-second-factor" : "role.allow-password-alone", role.Id, new { Role = role.Name });
        await db.CommitAsync(cancellationToken);
        return new RoleOutcome.Saved(role.Id);
    }

    private static RoleDraft DraftOf(Role role) => new(role.Name, role.Permissions.ToHashSet());

    private static IReadOnlyList<string> NamesOf(IEnumerable<Permission> permissions)
        => [.. permissions.Order().Select(permission => permission.ToString())];

    /// <summary>Nobody is given the role, and nobody else changes it, before the end of the transaction.</summary>
    private static Task<Role?> LockAsync(IspDbContext db, Guid roleId, CancellationToken cancellationToken)
        => db.Roles.FromSql($"select * from roles where id = {roleId} for update").SingleOrDefaultAsync(cancellationToken);

    private static async Task<RoleOutcome> SaveAsync(IspDbContext db, Guid roleId, CancellationToken cancellationToken)
    {
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { ConstraintName: "ix_roles_tenant_id_name" })
        {
            return new RoleOutcome.Refused([RoleFault.NameTaken]);
        }

        return new RoleOutcome.Saved(roleId);
    }
}
