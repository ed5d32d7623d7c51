using EasyIsp.Core.Identity;
using Microsoft.AspNetCore.Authorization;

namespace EasyIsp.Web.Access;

/// <summary>The names under which ASP.NET Core knows what a page or a button asks for.</summary>
internal static class Policies
{
    /// <summary>Works for the tenant, in whichever role.</summary>
    public const string Member = "member";

    public const string SuperAdmin = "super-admin";

    public static string Of(Permission permission) => $"may:{permission}";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Member, policy => policy.AddRequirements(new TenantRequirement(null)));
        options.AddPolicy(SuperAdmin, policy => policy.RequireClaim(StaffClaims.SuperAdmin, "1"));
        foreach (var permission in Enum.GetValues<Permission>())
            options.AddPolicy(Of(permission), policy => policy.AddRequirements(new TenantRequirement(permission)));
    }
}

/// <summary>The page or endpoint is for those whose role, and whose token, has the permission.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RequirePermissionAttribute(Permission permission) : AuthorizeAttribute(Policies.Of(permission))
{
    public Permission Permission => permission;
}

/// <param name="Permission">Null asks only for a place in the tenant.</param>
internal sealed record TenantRequirement(Permission? Permission) : IAuthorizationRequirement;

internal sealed class TenantRequirementHandler(StaffStanding standing) : AuthorizationHandler<TenantRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, TenantRequirement requirement)
    {
        var access = await standing.OfAsync(context.User, CancellationToken.None);
        if (access is not null && (requirement.Permission is not { } wanted || access.Permissions.Contains(wanted)))
            context.Succeed(requirement);
    }
}
