using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Identity;

/// <summary>What the super admin does with tenants. Each deed is in the tenant's own audit log.</summary>
public sealed class TenantDesk(PlatformDatabase database, UserManager<StaffUser> users, AuditTrail audit, TimeProvider clock)
{
    public async Task<Page<TenantRow>> ListAsync(string? search, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var tenants = db.Tenants.AsNoTracking();
        if (search is not null)
        {
            var pattern = $"%{Like.Escape(search)}%";
            tenants = tenants.Where(t => EF.Functions.ILike(t.Name, pattern) || EF.Functions.ILike(t.Slug, pattern));
        }

        return await tenants
            .OrderBy(t => t.Name).ThenBy(t => t.Id)
            .Select(t => new TenantRow(
                t.Id,
                t.Name,
                t.Slug,
                db.Customers.IgnoreQueryFilters(new[] { QueryFilters.Tenant }).Count(c => c.TenantId == t.Id && c.DeletedAt == null),
                db.OpenSessions.IgnoreQueryFilters(new[] { QueryFilters.Tenant }).Count(s => s.TenantId == t.Id),
                t.CreatedAt,
                t.SuspendedAt))
            .ToPageAsync(page, cancellationToken);
    }

    /// <summary>
    /// Founds a tenant with the five standard roles and its first admin. The admin's account is made first, by itself:
    /// should the rest fail, it is an account without a workplace, and the next try finds it.
    /// </summary>
    public async Task<FoundingOutcome> FoundAsync(Founding founding, CancellationToken cancellationToken)
    {
        if (FoundingRules.FaultsIn(founding) is { Count: > 0 } faults)
            return new FoundingOutcome.Refused(faults);

        var tenant = Tenant.Found(founding.Slug, founding.Name, founding.Locale, clock.GetUtcNow());
        string? password = null;
        var admin = await users.FindByEmailAsync(founding.AdminEmail.Trim());
        if (admin is null)
        {
            password = RandomText.Readable(16);
            admin = StaffUser.Invite(founding.AdminEmail, founding.AdminName, isSuperAdmin: false, clock.GetUtcNow());
            var result = await users.CreateAsync(admin, password);
            if (!result.Succeeded)
                return new FoundingOutcome.Refused([FoundingFault.AdminEmail]);
        }

        await using var db = await database.OpenAsync(cancellationToken);
        db.Tenants.Add(tenant);
        var roles = StandardRoles.For(tenant.Id, clock.GetUtcNow());
        db.Roles.AddRange(roles);
        db.Memberships.Add(Membership.Begin(tenant.Id, admin.Id, roles.Single(role => role.IsAdmin).Id, clock.GetUtcNow()));
        audit.RecordFor(db, tenant.Id, "tenant.found", tenant.Id, new { tenant.Name, tenant.Slug });
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { ConstraintName: "ix_tenants_slug" })
        {
            return new FoundingOutcome.Refused([FoundingFault.SlugTaken]);
        }

        return new FoundingOutcome.Founded(tenant.Id, password);
    }

    /// <summary>Its staff are signed out within two seconds; its customers stay online until their time is up.</summary>
    public Task SuspendAsync(Guid tenantId, CancellationToken cancellationToken)
        => ChangeAsync(tenantId, "tenant.suspend", tenant => tenant.Suspend(clock.GetUtcNow()), cancellationToken);

    public Task ResumeAsync(Guid tenantId, CancellationToken cancellationToken)
        => ChangeAsync(tenantId, "tenant.resume", tenant => tenant.Resume(), cancellationToken);

    /// <returns>False when there is no such tenant.</returns>
    public async Task<bool> RecordSupportAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (!await db.Tenants.AnyAsync(t => t.Id == tenantId, cancellationToken))
            return false;

        audit.RecordFor(db, tenantId, "support.enter", tenantId);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    private async Task ChangeAsync(Guid tenantId, string action, Action<Tenant> change, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants.SingleAsync(t => t.Id == tenantId, cancellationToken);
        change(tenant);
        audit.RecordFor(db, tenantId, action, tenantId);
        await db.CommitAsync(cancellationToken);
    }
}

public sealed record TenantRow(
    Guid Id, string Name, string Slug, int Customers, int Online, DateTimeOffset CreatedAt, DateTimeOffset? SuspendedAt);
