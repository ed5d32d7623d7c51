using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity;

/// <summary>A named set of permissions within one tenant.</summary>
public sealed class Role : TenantEntity
{
    private Role() { }

    public string Name { get; private set; } = null!;
    public IReadOnlyList<Permission> Permissions { get; private set; } = [];

    /// <summary>Nobody works in this role by a password alone.</summary>
    public bool RequiresSecondFactor { get; private set; }

    public static Role Create(Guid tenantId, string name, IEnumerable<Permission> permissions, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Role
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Name = name,
            Permissions = [.. permissions.Distinct().Order()],
        };
    }

    internal void RequireSecondFactor(bool isRequired) => RequiresSecondFactor = isRequired;
}

/// <summary>The five roles that every tenant begins with.</summary>
public static class StandardRoles
{
    public const string Admin = "Admin";
    public const string Manager = "Manager";
    public const string Accountant = "Accountant";
    public const string Support = "Support";
    public const string Technician = "Technician";

    public static IReadOnlyDictionary<string, IReadOnlyList<Permission>> All { get; } =
        new Dictionary<string, IReadOnlyList<Permission>>
        {
            [Admin] = Enum.GetValues<Permission>(),
            [Manager] = [.. Enum.GetValues<Permission>().Where(permission => permission is not (Permission.SettingsManage or Permission.StaffManage))],
            [Accountant] =
            [
                Permission.CustomersView, Permission.PackagesView, Permission.VouchersView, Permission.PaymentsView,
                Permission.PaymentsManage, Permission.PaymentsRecord, Permission.PaymentsReverse, Permission.RefundsMake, Permission.ReportsView,
            ],
            [Support] =
            [
                Permission.CustomersView, Permission.CustomersManage, Permission.PackagesView, Permission.VouchersView,
                Permission.PaymentsView, Permission.SessionsView, Permission.SessionsDisconnect, Permission.MessagesView,
            ],
            [Technician] =
            [
                Permission.CustomersView, Permission.SessionsView, Permission.SessionsDisconnect, Permission.RoutersView,
                Permission.RoutersManage,
            ],
        };
}

internal sealed class RoleConfiguration : IEntityTypeConfiguration<Role>
{
    public void Configure(EntityTypeBuilder<Role> role)
    {
        role.ToTable("roles");
        role.Property(r => r.Name).HasMaxLength(60);
        role.PrimitiveCollection(r => r.Permissions).ElementType().HasConversion<string>();
        role.HasIndex(r => new { r.TenantId, r.Name }).IsUnique();
    }
}
