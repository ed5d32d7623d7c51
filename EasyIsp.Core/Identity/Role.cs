using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity;

/// <summary>A named set of permissions within one tenant.</summary>
public sealed class Role : TenantEntity
{
    private Role() { }

    public string Name { get; private set; } = null!;

    /// <summary>May everything, also what later versions add, and stays so: somebody can always say who may do what.</summary>
    public bool IsAdmin { get; private set; }

    public IReadOnlyList<Permission> Permissions => IsAdmin ? EveryPermission : Chosen;

    /// <summary>Nobody works in this role by a password alone.</summary>
    public bool RequiresSecondFactor { get; private set; }

    internal IReadOnlyList<Permission> Chosen { get; private set; } = [];

    private static IReadOnlyList<Permission> EveryPermission { get; } = Enum.GetValues<Permission>();

    public static Role Create(Guid tenantId, string name, IEnumerable<Permission> permissions, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Role
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Name = name.Trim(),
            Chosen = Ordered(permissions),
        };
    }

    internal static Role CreateAdmin(Guid tenantId, DateTimeOffset now)
    {
        var admin = Create(tenantId, StandardRoles.Admin, EveryPermission, now);
        admin.IsAdmin = true;
        return admin;
    }

    internal void Change(string name, IEnumerable<Permission> permissions) => (Name, Chosen) = (name.Trim(), Ordered(permissions));

    internal void RequireSecondFactor(bool isRequired) => RequiresSecondFactor = isRequired;

    private static IReadOnlyList<Permission> Ordered(IEnumerable<Permission> permissions) => [.. permissions.Distinct().Order()];
}

/// <summary>
/// The five roles that every tenant begins with, and from which it makes its own. All but the first are the tenant's to change.
/// </summary>
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
            [Manager] = [.. PermissionCatalogue.All.Where(one => one.Feature.Group is not ("Settings" or "People") && one.Permission != Permission.ReconciliationMail).Select(one => one.Permission)],
            [Accountant] =
            [
                Permission.CustomersView, Permission.PackagesView, Permission.VouchersView,
                Permission.PaymentsView, Permission.PaymentsRecord, Permission.PaymentsReverse, Permission.PaymentsExport, Permission.PaymentsAsk,
                Permission.PaymentsPlace, Permission.PaymentsSettle, Permission.PaymentsLookUp,
                Permission.RefundsView, Permission.RefundsMake, Permission.RefundsExport,
                Permission.MoneySmsView, Permission.MoneySmsPaste, Permission.MoneySmsChange, Permission.MoneySmsExport,
                Permission.ReconciliationView, Permission.ReconciliationUpload, Permission.ReconciliationSettle, Permission.ReconciliationExport,
                Permission.ReportsView,
            ],
            [Support] =
            [
                Permission.CustomersView, Permission.CustomersCreate, Permission.CustomersChange, Permission.CustomersDelete, Permission.CustomersSell, Permission.CustomersSuspend,
                Permission.PackagesView, Permission.VouchersView,
                Permission.PaymentsView, Permission.PaymentsExport, Permission.RefundsView, Permission.RefundsExport, Permission.MoneySmsView, Permission.MoneySmsExport,
                Permission.ReconciliationView, Permission.ReconciliationExport,
                Permission.SessionsView, Permission.SessionsExport, Permission.SessionsTestLogin, Permission.SessionsDisconnect, Permission.MessagesView,
            ],
            [Technician] =
            [
                Permission.CustomersView, Permission.SessionsView, Permission.SessionsExport, Permission.SessionsTestLogin, Permission.SessionsDisconnect,
                Permission.RoutersView, Permission.RoutersCreate, Permission.RoutersChange, Permission.RoutersArchive, Permission.RoutersSecrets,
            ],
        };

    public static IReadOnlyList<Role> For(Guid tenantId, DateTimeOffset now)
        => [.. All.Select(role => role.Key == Admin ? Role.CreateAdmin(tenantId, now) : Role.Create(tenantId, role.Key, role.Value, now))];
}

internal sealed class RoleConfiguration : IEntityTypeConfiguration<Role>
{
    public void Configure(EntityTypeBuilder<Role> role)
    {
        role.ToTable("roles");
        role.Property(r => r.Name).HasMaxLength(RoleRules.MaxNameLength);
        role.Ignore(r => r.Permissions);
        role.PrimitiveCollection(r => r.Chosen).HasColumnName("permissions").ElementType().HasConversion<string>();
        role.HasIndex(r => new { r.TenantId, r.Name }).IsUnique();
    }
}
