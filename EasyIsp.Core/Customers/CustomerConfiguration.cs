using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Customers;

internal sealed class CustomerConfiguration : IEntityTypeConfiguration<Customer>
{
    public void Configure(EntityTypeBuilder<Customer> customer)
    {
        customer.ToTable("customers", table =>
        {
            table.HasCheckConstraint(
                "ck_customers_deleted_has_no_way_in", "deleted_at is null or (username is null and password is null)");
            table.HasCheckConstraint("ck_customers_deleted_has_no_address", "deleted_at is null or (static_address is null and delegated_prefix is null)");
            table.HasCheckConstraint("ck_customers_static_address", "family(static_address) = 4 and masklen(static_address) = 32");
            table.HasCheckConstraint("ck_customers_delegated_prefix", "family(delegated_prefix) = 6 and masklen(delegated_prefix) between 16 and 64");
        });
        customer.Property(c => c.DeviceLock).HasDefaultValue(DeviceLock.Off);
        customer.PrimitiveCollection(c => c.AllowedRouterIds).HasDefaultValueSql("'{}'");
        customer.Property(c => c.Name).HasMaxLength(Customer.MaxNameLength);
        customer.Property(c => c.Phone).HasMaxLength(PhoneNumber.MaxLength);
        customer.Property(c => c.Email).HasMaxLength(254);
        customer.Property(c => c.Address).HasMaxLength(200);
        customer.Property(c => c.Notes).HasMaxLength(2000);
        customer.Property(c => c.Username).HasMaxLength(Customer.MaxUsernameLength);
        customer.Property(c => c.MacAddress).HasMaxLength(MacAddress.TextLength);

        // What search_customers() looks in.
        customer.Property<string>("SearchText").HasComputedColumnSql(
            "lower(name || ' ' || number || ' ' || coalesce(phone, '') || ' 0' || coalesce(substr(phone, 5), '') || ' ' "
            + "|| coalesce(username, '') || ' ' || coalesce(mac_address, '') || ' ' || coalesce(email, ''))", stored: true);
        customer.HasIndex("TenantId", "SearchText").HasMethod("gin").HasOperators("uuid_ops", "gin_trgm_ops");

        customer.HasIndex(c => new { c.TenantId, c.Number }).IsUnique();
        customer.HasIndex(c => new { c.TenantId, c.Username }).IsUnique();
        customer.HasIndex(c => new { c.TenantId, c.Phone });
        customer.HasIndex(c => new { c.TenantId, c.MacAddress });
        customer.HasIndex(c => new { c.TenantId, c.Name });
    }
}
