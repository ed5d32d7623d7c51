namespace EasyIsp.Core.Persistence;

/// <summary>
/// A row that belongs to one tenant. Its key is <c>(tenant_id, id)</c>, it is filtered by EF and guarded by a policy of
/// the database; <see cref="TenantModel"/> sees to all of that, no entity repeats it.
/// </summary>
public abstract class TenantEntity
{
    public Guid TenantId { get; protected init; }

    /// <summary>UUID version 7: rows sort by creation.</summary>
    public Guid Id { get; protected init; }
}

/// <summary>A tenant's row of a table that grows without end; the database cuts it by month of <see cref="TenantEntity.Id"/>.</summary>
public interface IPartitionedByMonth;

/// <summary>
/// A row of a platform registry: it says which tenant holds something that is unique across all tenants, so its key
/// lacks the tenant. The policy of the database still shows each tenant only its own rows.
/// </summary>
public interface IRegistryEntry
{
    Guid TenantId { get; }
}
