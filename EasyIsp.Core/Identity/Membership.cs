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
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    public static Membership Begin(Guid tenantId, Guid userId, Guid roleId, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        RoleId = roleId,
        CreatedAt = now,
    };

    internal void ChangeRole(Guid roleId) => RoleId = roleId;

    internal void End(DateTimeOffset now) => EndedAt ??= now;

    /// <summary>Works here again, in a role that may be another.</summary>
    internal void Resume(Guid roleId) => (RoleId, EndedAt) = (roleId, null);
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
