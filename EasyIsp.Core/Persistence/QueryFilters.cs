namespace EasyIsp.Core.Persistence;

public static class QueryFilters
{
    /// <summary>Rows of the present tenant only. Ignored by name, and only in a context of <see cref="PlatformDatabase"/>.</summary>
    public const string Tenant = nameof(Tenant);
}
