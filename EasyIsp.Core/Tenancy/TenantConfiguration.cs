using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Tenancy;

internal sealed class TenantConfiguration : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> tenant)
    {
        tenant.ToTable("tenants");
        tenant.Property(t => t.Slug).HasMaxLength(Tenant.MaxSlugLength);
        tenant.Property(t => t.Name).HasMaxLength(TenantProfile.MaxNameLength);
        tenant.Property(t => t.Currency).HasMaxLength(3);
        tenant.Property(t => t.TimeZone).HasMaxLength(64);
        tenant.Property(t => t.Country).HasMaxLength(2);
        tenant.Property(t => t.Language).HasMaxLength(8);
        tenant.Property(t => t.AccentColor).HasMaxLength(7);
        tenant.Property(t => t.SupportPhone).HasMaxLength(20);
        tenant.HasIndex(t => t.Slug).IsUnique();
    }
}
