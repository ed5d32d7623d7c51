using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity;

/// <summary>A person of <see cref="StaffUser"/> works for a tenant, in one role.</summary>
public sealed class Membership : TenantEntity
{
    private Membership() { }

    public Guid UserId { get; private set; }
    public Guid RoleId { get; private set; }

    /// <summary>The only routers that he sees, with their sessions, logins and orders; null for all.</summary>
    public IReadOnlyList<Guid>? RouterIds { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    public static Membership Begin(Guid tenantId, Guid userId, Guid roleId, DateTimeOffset now, IReadOnlyList<Guid>? routerIds = null) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        RoleId = roleId,
        RouterIds = routerIds,
        CreatedAt = now,
    };

    internal void ChangeRole(Guid roleId) => RoleId = roleId;

    internal void RestrictTo(IReadOnlyList<Guid>? routerIds) => RouterIds = routerIds;

    internal void End(DateTimeOffset now) => EndedAt ??= now;

    /// <summary>Works here again, in a role that may be another.</summary>
    internal void Resume(Guid roleId, IReadOnlyList<Guid>? routerIds) => (RoleId, RouterIds, EndedAt) = (roleId, routerIds, null);
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> membership)
    {
        membership.ToTable("memberships");
        membership.References<Membership, Role>(nameof(Membership.RoleId));
        membership.HasIndex(m => new { m.TenantId, m.UserId }).IsUnique();
        // Sign-in asks which tenants a person works for.
        membership.HasIndex(m => m.UserId);
    }
}
