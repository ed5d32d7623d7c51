using EasyIsp.Core.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Web.Tests.Access;

internal enum DoorKind
{
    Page,

    /// <summary>A download, or where a form goes.</summary>
    Endpoint,

    /// <summary>Asked by programs with a token.</summary>
    Api,
}

/// <summary>Where somebody can knock: one route with one method, and what the route table says it asks.</summary>
/// <param name="Policies">Of all that must hold; an empty name is a sign-in alone, no names at all is nothing.</param>
internal sealed record Door(DoorKind Kind, string Method, string Route, IReadOnlyList<string> Policies)
{
    public bool AsksNothing => Policies.Count == 0;

    public bool AsksASignInAlone => Policies.Count > 0 && Policies.All(policy => policy.Length == 0);

    /// <summary>With ids that nothing has.</summary>
    public string Address => string.Join('/', Route.Split('/').Select(part => part switch
    {
        ['{', '*', ..] => "",
        ['{', ..] when part.Contains(":guid", StringComparison.Ordinal) => Guid.AllBitsSet.ToString(),
        ['{', ..] => $"days{part[(part.IndexOf('}', StringComparison.Ordinal) + 1)..]}",
        _ => part,
    }));

    public string Asks => AsksNothing ? "nothing" : AsksASignInAlone ? "a sign-in" : string.Join(" and ", Policies.Where(policy => policy.Length > 0).Distinct().Select(WordOf));

    /// <summary>What the table promises.</summary>
    public bool Admits(Visitor visitor) => Policies.All(policy => policy switch
    {
        "" => visitor.IsSignedIn,
        Web.Access.Policies.Member => visitor.Permissions is not null,
        Web.Access.Policies.SuperAdmin => visitor.IsSuperAdmin,
        _ => visitor.Permissions?.Contains(PermissionOf(policy)) == true,
    });

    private static string WordOf(string policy) => policy switch
    {
        Web.Access.Policies.Member => "a place in the company",
        Web.Access.Policies.SuperAdmin => "super admin",
        _ => PermissionOf(policy).ToString(),
    };

    private static Permission PermissionOf(string policy)
        => Enum.GetValues<Permission>().Single(permission => Web.Access.Policies.Of(permission) == policy);
}

/// <summary>Somebody who knocks.</summary>
/// <param name="Permissions">Null for who works for no company.</param>
internal sealed record Visitor(string Name, bool IsSignedIn, bool IsSuperAdmin, IReadOnlyCollection<Permission>? Permissions)
{
    public const string Nobody = "Nobody";
    public const string NoRole = "No role";
    public const string SuperAdmin = "Super admin";

    /// <summary>Not signed in, without a company, each role as delivered, and the super admin outside of all companies.</summary>
    public static IReadOnlyList<Visitor> All { get; } =
    [
        new(Nobody, IsSignedIn: false, IsSuperAdmin: false, Permissions: null),
        new(NoRole, IsSignedIn: true, IsSuperAdmin: false, Permissions: null),
        .. StandardRoles.All.Select(role => new Visitor(role.Key, IsSignedIn: true, IsSuperAdmin: false, role.Value)),
        new(SuperAdmin, IsSignedIn: true, IsSuperAdmin: true, Permissions: null),
    ];
}

/// <summary>Every door of the process, from its route table; what the framework and the style need is left out.</summary>
internal static class AccessTable
{
    /// <summary>The framework's own: scripts and style, the circuits' transport. What a circuit shows, its pages have asked for.</summary>
    private static readonly string[] OfTheFramework = ["/_blazor", "/_framework", "/_content", "/{**path:file}"];

    public static IReadOnlyList<Door> Of(ConsoleHost host) =>
    [
        .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(DoorsOf)
            .Where(door => !OfTheFramework.Any(prefix => door.Route.StartsWith(prefix, StringComparison.Ordinal)))
            .OrderBy(door => door.Kind).ThenBy(door => door.Route, StringComparer.Ordinal).ThenBy(door => door.Method, StringComparer.Ordinal),
    ];

    private static IEnumerable<Door> DoorsOf(RouteEndpoint endpoint)
    {
        var route = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        var isPage = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        var kind = isPage ? DoorKind.Page : route.StartsWith("/api/", StringComparison.Ordinal) ? DoorKind.Api : DoorKind.Endpoint;
        IReadOnlyList<string> policies = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? []
            : [.. endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy ?? "")];
        var methods = isPage ? ["GET"] : endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
        foreach (var method in methods.Count == 0 ? ["GET"] : methods)
            yield return new Door(kind, method, route, policies);
    }
}
