using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity;

/// <summary>
/// Who works where and may do what. Asked on every request and click, so answers are kept until the database announces
/// a change of memberships, roles or tenants, and for a minute at most.
/// </summary>
public sealed class StaffDirectory : IDisposable
{
    private static readonly TimeSpan Shelf = TimeSpan.FromMinutes(1);
    private static readonly string[] Tables = ["memberships", "roles", "tenants"];

    private readonly PlatformDatabase _database;
    private readonly ChangeFeed _changes;
    private readonly TimeProvider _clock;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<(Guid User, Guid Tenant), (StaffAccess? Access, DateTimeOffset Until)> _known = new();
    private int _changesSeen;

    public StaffDirectory(PlatformDatabase database, ChangeFeed changes, TimeProvider clock)
    {
        (_database, _changes, _clock) = (database, changes, clock);
        _subscription = changes.Subscribe(Forget);
    }

    /// <returns>Null when the person does not (or no longer) work for the tenant, or the tenant is suspended.</returns>
    public async Task<StaffAccess?> AccessAsync(Guid userId, Guid tenantId, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (_known.TryGetValue((userId, tenantId), out var kept) && kept.Until > now)
            return kept.Access;

        var changesSeen = Volatile.Read(ref _changesSeen);
        await using var db = await _database.OpenAsync(cancellationToken);
        var found = await Memberships(db, userId)
            .Where(place => place.Tenant.Id == tenantId)
            .Select(place => new { place.Tenant, place.Role, place.RouterIds })
            .SingleOrDefaultAsync(cancellationToken);
        var access = found is null
            ? null
            : new StaffAccess(found.Tenant, found.Role.Name, PermissionsOf(found.Role, found.RouterIds), found.Role.RequiresSecondFactor, found.RouterIds);
        // Without the feed nothing would tell of a revocation, and one that came during the query is not in the answer.
        if (_changes.IsListening && changesSeen == Volatile.Read(ref _changesSeen))
            _known[(userId, tenantId)] = (access, now + Shelf);
        return access;
    }

    /// <summary>What the super admin may do inside a tenant: everything, as the tenant's own admin, suspended or not.</summary>
    public async Task<StaffAccess?> SupportAccessAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var db = await _database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenantId, cancellationToken);
        return tenant is null ? null : new StaffAccess(tenant, "Support by the platform", Enum.GetValues<Permission>().ToHashSet());
    }

    /// <summary>Every tenant that the person may enter now, by name.</summary>
    public async Task<IReadOnlyList<Workplace>> WorkplacesAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var db = await _database.OpenAsync(cancellationToken);
        return await Memberships(db, userId)
            .OrderBy(place => place.Tenant.Name)
            .Select(place => new Workplace(place.Tenant.Id, place.Tenant.Name, place.Role.Name))
            .ToListAsync(cancellationToken);
    }

    public void Dispose() => _subscription.Dispose();

    private static IQueryable<Place> Memberships(IspDbContext db, Guid userId) =>
        from membership in db.Memberships.IgnoreQueryFilters([QueryFilters.Tenant])
        join role in db.Roles.IgnoreQueryFilters([QueryFilters.Tenant])
            on new { membership.TenantId, Id = membership.RoleId } equals new { role.TenantId, role.Id }
        join tenant in db.Tenants on membership.TenantId equals tenant.Id
        where membership.UserId == userId && membership.EndedAt == null && tenant.SuspendedAt == null
        select new Place { Tenant = tenant, Role = role, RouterIds = membership.RouterIds };

    /// <summary>Who is restricted to routers adds none: he would not see what he added.</summary>
    private static HashSet<Permission> PermissionsOf(Role role, IReadOnlyList<Guid>? routerIds)
        => [.. role.Permissions.Where(permission => routerIds is null || permission != Permission.RoutersCreate)];

    private void Forget(Change change)
    {
        if (!change.IsEverything && !Tables.Contains(change.Table))
            return;

        Interlocked.Increment(ref _changesSeen);
        _known.Clear();
    }

    private sealed class Place
    {
        public required Tenant Tenant { get; init; }
        public required Role Role { get; init; }
        public required IReadOnlyList<Guid>? RouterIds { get; init; }
    }
}

/// <summary>A person's standing in one tenant.</summary>
/// <param name="RequiresSecondFactor">The role lets nobody in by a password alone.</param>
/// <param name="RouterIds">The only routers that he sees; null for all.</param>
public sealed record StaffAccess(
    Tenant Tenant, string Role, IReadOnlySet<Permission> Permissions, bool RequiresSecondFactor = false, IReadOnlyList<Guid>? RouterIds = null);

/// <summary>A tenant that a person works for.</summary>
public sealed record Workplace(Guid TenantId, string Tenant, string Role);
