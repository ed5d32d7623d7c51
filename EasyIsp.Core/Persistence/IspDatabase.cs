using System.Data;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Core.Persistence;

/// <summary>
/// The only door to a tenant's data. Every use case, reads too, gets a context whose transaction has begun as the role
/// <c>easyisp_app</c> with <c>app.tenant_id</c> set for just that transaction; disposing without
/// <see cref="IspDbContext.CommitAsync"/> rolls back.
/// </summary>
public sealed class IspDatabase(TenantContext tenant, IspDbOptions options)
{
    /// <exception cref="InvalidOperationException">No tenant was chosen.</exception>
    public Task<IspDbContext> OpenAsync(CancellationToken cancellationToken)
        => IspDbContext.BeginAsync(options.App, tenant.Id, cancellationToken, routerIds: tenant.RouterIds);

    /// <summary>
    /// To read only: every statement sees the data as they were at the first one, so that figures of several statements agree
    /// while others write.
    /// </summary>
    /// <exception cref="InvalidOperationException">No tenant was chosen.</exception>
    public Task<IspDbContext> OpenSnapshotAsync(CancellationToken cancellationToken)
        => IspDbContext.BeginAsync(options.App, tenant.Id, cancellationToken, IsolationLevel.RepeatableRead, tenant.RouterIds);
}

/// <summary>
/// The door across tenants, as the role <c>easyisp_platform</c>: sign-in, registries, sweeping jobs, the super admin.
/// Queries must say so with <c>IgnoreQueryFilters([QueryFilters.Tenant])</c>.
/// </summary>
public sealed class PlatformDatabase(IspDbOptions options)
{
    public Task<IspDbContext> OpenAsync(CancellationToken cancellationToken)
        => IspDbContext.BeginAsync(options.Platform, tenantId: null, cancellationToken);
}
