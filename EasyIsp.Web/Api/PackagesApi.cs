using EasyIsp.Core.Identity;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Api;

internal static class PackagesApi
{
    public static void MapPackages(this IEndpointRouteBuilder api)
        => api.MapGet("/packages", ListAsync).Needs(Permission.PackagesView).WithTags("Packages").WithSummary("What is sold, and how many have it");

    /// <param name="accessType">hotspot or pppoe.</param>
    private static async Task<ApiPage<PackageJson>> ListAsync(
        [AsParameters] ApiPageQuery page, string? accessType, bool? archived, PackageList list, CancellationToken cancellationToken)
        => ApiPage<PackageJson>.Of(
            await list.ListAsync(new PackageQuery(ApiChoice.Read<AccessType>(accessType, nameof(accessType)), archived ?? false), page.Slice, cancellationToken),
            PackageJson.Of,
            row => row.Id);
}

/// <param name="Price">In the company's currency.</param>
/// <param name="Active">Customers who have it now.</param>
internal sealed record PackageJson(
    Guid Id,
    string Name,
    AccessType AccessType,
    decimal Price,
    long DurationSeconds,
    int DownloadKbps,
    int UploadKbps,
    long? DataLimitBytes,
    int SimultaneousSessions,
    bool IsOnPortal,
    DateTimeOffset? ArchivedAt,
    int Active)
{
    public static PackageJson Of(PackageRow row) => new(
        row.Id,
        row.Name,
        row.AccessType,
        row.Price,
        (long)row.Duration.TotalSeconds,
        row.DownloadKbps,
        row.UploadKbps,
        row.DataLimitBytes,
        row.SimultaneousSessions,
        row.IsOnPortal,
        row.ArchivedAt,
        row.Active);
}
