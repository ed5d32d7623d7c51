using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Replies;

/// <summary>An attribute that a tenant adds to the Access-Accepts of a package, a router or a customer.</summary>
public sealed class ReplyAttribute : TenantEntity
{
    public const int MaxNameLength = 64;

    private ReplyAttribute() { }

    public Guid? PackageId { get; private set; }
    public Guid? RouterId { get; private set; }
    public Guid? CustomerId { get; private set; }

    /// <summary>In the dictionary's spelling; the same name again is one value more.</summary>
    public string Name { get; private set; } = null!;

    public string Value { get; private set; } = null!;

    /// <summary>In which the owner's attributes were typed and are sent.</summary>
    public int Position { get; private set; }

    public static ReplyAttribute Add(
        Guid tenantId, ReplyOwner owner, CatalogueAttribute attribute, string value, int position, DateTimeOffset now) => new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            PackageId = owner.Kind is ReplyOwnerKind.Package ? owner.Id : null,
            RouterId = owner.Kind is ReplyOwnerKind.Router ? owner.Id : null,
            CustomerId = owner.Kind is ReplyOwnerKind.Customer ? owner.Id : null,
            Name = attribute.Name,
            Value = value.Trim(),
            Position = position,
        };
}

/// <summary>Whose logins the attributes are added to. The same name of a customer stands before a package's, a package's before a router's.</summary>
public readonly record struct ReplyOwner(ReplyOwnerKind Kind, Guid Id);

public enum ReplyOwnerKind
{
    Package,
    Router,
    Customer,
}

internal sealed class ReplyAttributeConfiguration : IEntityTypeConfiguration<ReplyAttribute>
{
    public void Configure(EntityTypeBuilder<ReplyAttribute> attribute)
    {
        attribute.ToTable("reply_attributes", table => table.HasCheckConstraint(
            "ck_reply_attributes_owner", "num_nonnulls(package_id, router_id, customer_id) = 1"));
        attribute.Property(a => a.Name).HasMaxLength(ReplyAttribute.MaxNameLength);
        attribute.Property(a => a.Value).HasMaxLength(ReplyRules.MaxValueLength);
        attribute.HasIndex(a => new { a.TenantId, a.PackageId }).HasFilter("package_id is not null");
        attribute.HasIndex(a => new { a.TenantId, a.RouterId }).HasFilter("router_id is not null");
        attribute.HasIndex(a => new { a.TenantId, a.CustomerId }).HasFilter("customer_id is not null");
        attribute.References<ReplyAttribute, Package>(nameof(ReplyAttribute.PackageId), DeleteBehavior.Cascade);
        attribute.References<ReplyAttribute, Router>(nameof(ReplyAttribute.RouterId), DeleteBehavior.Cascade);
        attribute.References<ReplyAttribute, Customer>(nameof(ReplyAttribute.CustomerId), DeleteBehavior.Cascade);
    }
}
