namespace EasyIsp.Core.Persistence;

public static class QueryFilters
{
    /// <summary>Rows of the present tenant only. Ignored by name, and only in a context of <see cref="PlatformDatabase"/>.</summary>
    public const string Tenant = nameof(Tenant);

    /// <summary>
    /// Rows of the routers that the person is restricted to (<see cref="Tenancy.TenantContext.RouterIds"/>). Ignored by name where
    /// a deed must find all there is of a customer, whoever does it.
    /// </summary>
    public const string Place = nameof(Place);
}
