namespace EasyIsp.Web.Access;

/// <summary>Where a person goes on after signing in or entering a tenant, as the browser says it.</summary>
internal static class ReturnAddress
{
    /// <returns>Null for what leads to a stranger's site, or round in a circle.</returns>
    public static string? OwnAddress(this string? url)
        => url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) && !url.StartsWith("/account/", StringComparison.OrdinalIgnoreCase)
            ? url : null;
}
