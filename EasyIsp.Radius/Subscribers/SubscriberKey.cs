namespace EasyIsp.Radius.Subscribers;

/// <summary>By what a subscriber is looked up.</summary>
/// <param name="Value">In the spelling of the database: lower-case user name, hardware address, or id.</param>
internal readonly record struct SubscriberKey(Guid TenantId, SubscriberKeyKind Kind, string Value)
{
    public static SubscriberKey ByUserName(Guid tenantId, string typed)
        => new(tenantId, SubscriberKeyKind.UserName, typed.Trim().ToLowerInvariant());

    public static SubscriberKey ByDevice(Guid tenantId, string macAddress) => new(tenantId, SubscriberKeyKind.Device, macAddress);

    public static SubscriberKey ById(Guid tenantId, Guid customerId) => new(tenantId, SubscriberKeyKind.Id, customerId.ToString());
}

internal enum SubscriberKeyKind
{
    UserName,

    /// <summary>The hotspot customer with an active subscription whose device was last seen with this address.</summary>
    Device,
    Id,
}
