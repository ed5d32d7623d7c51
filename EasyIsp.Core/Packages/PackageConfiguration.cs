using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace EasyIsp.Core.Packages;

internal sealed class PackageConfiguration : IEntityTypeConfiguration<Package>
{
    public void Configure(EntityTypeBuilder<Package> package)
    {
        package.ToTable("packages", table =>
        {
            table.HasCheckConstraint("ck_packages_price", "price >= 0");
            table.HasCheckConstraint("ck_packages_speed", "download_kbps > 0 and upload_kbps > 0");
            table.HasCheckConstraint("ck_packages_duration", "duration > interval '0'");
            table.HasCheckConstraint(
                "ck_packages_slow_speed",
                "case when at_data_limit = 'SlowDown' then coalesce(slow_download_kbps > 0 and slow_upload_kbps > 0, false) "
                + "else slow_download_kbps is null and slow_upload_kbps is null end");
            table.HasCheckConstraint(
                "ck_packages_burst",
                "num_nonnulls(burst_download_kbps, burst_upload_kbps, burst_seconds) in (0, 3) "
                + "and burst_download_kbps >= download_kbps and burst_upload_kbps >= upload_kbps "
                + "and burst_seconds between 1 and 3600 "
                + "and burst_threshold_download_kbps between 1 and burst_download_kbps "
                + "and burst_threshold_upload_kbps between 1 and burst_upload_kbps");
            table.HasCheckConstraint("ck_packages_priority", "priority between 1 and 8");
            table.HasCheckConstraint(
                "ck_packages_minimum", "min_download_kbps between 1 and download_kbps and min_upload_kbps between 1 and upload_kbps");
            table.HasCheckConstraint("ck_packages_vlan", "vlan_id between 1 and 4094");
            table.HasCheckConstraint(
                "ck_packages_hours",
                "allowed_hours ~ '^[1-7]{1,7} ([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d"
                + "(;[1-7]{1,7} ([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d)*$'");
        });
        package.Property(p => p.Name).HasMaxLength(PackageTerms.MaxNameLength);
        package.Property(p => p.AtDataLimit).HasDefaultValue(AtDataLimit.Cut);
        package.Property(p => p.IsToReachSessions).HasDefaultValue(false);
        package.Property<uint>("xmin").IsRowVersion();
        package.ComplexProperty(p => p.Access, ConfigureAccess);
        package.HasIndex(p => new { p.TenantId, p.Name });
        // What waits to be brought to running sessions, over all tenants.
        package.HasIndex(p => p.IsToReachSessions).HasFilter("is_to_reach_sessions");
    }

    private static void ConfigureAccess(ComplexPropertyBuilder<AccessTerms> access)
    {
        access.ComplexProperty(a => a.Burst, burst =>
        {
            burst.Property(b => b.DownloadKbps).HasColumnName("burst_download_kbps");
            burst.Property(b => b.UploadKbps).HasColumnName("burst_upload_kbps");
            burst.Property(b => b.Seconds).HasColumnName("burst_seconds");
            burst.Property(b => b.ThresholdDownloadKbps).HasColumnName("burst_threshold_download_kbps");
            burst.Property(b => b.ThresholdUploadKbps).HasColumnName("burst_threshold_upload_kbps");
        });
        access.Property(a => a.Priority).HasColumnName("priority");
        access.Property(a => a.MinDownloadKbps).HasColumnName("min_download_kbps");
        access.Property(a => a.MinUploadKbps).HasColumnName("min_upload_kbps");
        access.Property(a => a.AddressPool).HasColumnName("address_pool").HasMaxLength(RouterName.MaxLength);
        access.Property(a => a.AddressList).HasColumnName("address_list").HasMaxLength(RouterName.MaxLength);
        access.Property(a => a.VlanId).HasColumnName("vlan_id");
        access.Property(a => a.IPv6Pool).HasColumnName("ipv6_pool").HasMaxLength(RouterName.MaxLength);
        access.Property(a => a.DelegatedIPv6Pool).HasColumnName("delegated_ipv6_pool").HasMaxLength(RouterName.MaxLength);
        access.Property(a => a.WhenFull).HasColumnName("when_full").HasDefaultValue(WhenFull.RefuseNew);
        access.Property(a => a.Hours).HasColumnName("allowed_hours");
        access.PrimitiveCollection(a => a.RouterIds).HasColumnName("allowed_router_ids").HasDefaultValueSql("'{}'");
    }
}

internal sealed class AllowedHoursConverter() : ValueConverter<AllowedHours, string>(hours => hours.ToString(), text => AllowedHours.Parse(text));
