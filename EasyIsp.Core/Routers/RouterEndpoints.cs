using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers.RouterOs;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Routers;

/// <summary>Where a router's API is reached, with the password revealed.</summary>
public sealed class RouterEndpoints(SecretCodec codec)
{
    /// <summary>Participant, also across tenants.</summary>
    /// <returns>Null where the router's API is not used.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The stored password cannot be read.</exception>
    public async Task<RouterEndpoint?> FindAsync(IspDbContext db, Guid tenantId, Guid routerId, CancellationToken cancellationToken)
    {
        var router = await db.Routers
            .IgnoreQueryFilters([QueryFilters.Tenant])
            .AsNoTracking()
            .SingleAsync(r => r.TenantId == tenantId && r.Id == routerId, cancellationToken);
        return router.Api is not { } api
            ? null
            : new RouterEndpoint(router.OrdersAddress.ToString(), api.User, codec.Reveal(tenantId, api.Password))
            {
                Port = api.Port,
                TlsFingerprint = api.CertificateFingerprint,
            };
    }
}
