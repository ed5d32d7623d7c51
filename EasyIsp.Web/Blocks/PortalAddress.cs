namespace EasyIsp.Web.Blocks;

internal static class PortalAddress
{
    /// <summary><c>Portal:PublicUrl</c>: where customers' phones and payment providers reach the portal.</summary>
    /// <returns>Null when it is not set, or no address.</returns>
    public static Uri? PortalUrl(this IConfiguration configuration)
        => Uri.TryCreate(configuration["Portal:PublicUrl"], UriKind.Absolute, out var address) ? address : null;
}
