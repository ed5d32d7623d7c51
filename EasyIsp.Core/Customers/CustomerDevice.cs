using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Customers;

/// <summary>Whether a customer's login is good from any device.</summary>
public enum DeviceLock
{
    Off,

    /// <summary>The first device that logs in is the customer's from then on; staff may add others (a television).</summary>
    BindOnFirstUse,

    /// <summary>Only the devices that staff have written down.</summary>
    Listed,
}

/// <summary>A device that a locked customer may connect with.</summary>
public sealed class CustomerDevice : TenantEntity
{
    public const int MaxLabelLength = 40;
    public const int MaxPerCustomer = 20;

    private CustomerDevice() { }

    public Guid CustomerId { get; private set; }
    public string MacAddress { get; private set; } = null!;

    /// <summary>What people call it: router, television.</summary>
    public string? Label { get; private set; }

    /// <summary>Bound by the RADIUS worker at the customer's first login; there is one at most.</summary>
    public bool IsBoundByLogin { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <param name="macAddress">In the spelling of <see cref="Shared.MacAddress"/>.</param>
    public static CustomerDevice Add(Guid tenantId, Guid customerId, string macAddress, string? label, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        CustomerId = customerId,
        MacAddress = macAddress,
        Label = string.IsNullOrWhiteSpace(label) ? null : label.Trim(),
        CreatedAt = now,
    };
}

internal sealed class CustomerDeviceConfiguration : IEntityTypeConfiguration<CustomerDevice>
{
    public void Configure(EntityTypeBuilder<CustomerDevice> device)
    {
        device.ToTable("customer_devices", table => table.HasCheckConstraint(
            "ck_customer_devices_mac_address", "mac_address ~ '^([0-9A-F]{2}:){5}[0-9A-F]{2}$'"));
        device.Property(d => d.MacAddress).HasMaxLength(MacAddress.TextLength);
        device.Property(d => d.Label).HasMaxLength(CustomerDevice.MaxLabelLength);
        device.HasIndex(d => new { d.TenantId, d.CustomerId, d.MacAddress }).IsUnique();
        // Of two devices that log in first at once, one is bound.
        device.HasIndex(d => new { d.TenantId, d.CustomerId }, "ix_customer_devices_bound_by_login").IsUnique().HasFilter("is_bound_by_login");
        device.References<CustomerDevice, Customer>(nameof(CustomerDevice.CustomerId), DeleteBehavior.Cascade);
    }
}
