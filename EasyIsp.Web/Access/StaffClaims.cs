using System.Globalization;
using System.Security.Claims;
using EasyIsp.Core.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Access;

/// <summary>What the cookie or the token says about a person. A role's permissions are not in it: they are asked of the database each time.</summary>
internal static class StaffClaims
{
    public const string DisplayName = "name";
    public const string Tenant = "tenant";
    public const string SuperAdmin = "super_admin";

    /// <summary>The super admin works inside the tenant as support.</summary>
    public const string Support = "support";

    /// <summary>Which sign-in the cookie is of; no token has it.</summary>
    public const string SignIn = "sign_in";

    /// <summary>The bearer's own id; no cookie has it.</summary>
    public const string Token = "token";

    /// <summary>What the token allows, as it was made; the person behind it may have lost it since.</summary>
    public const string TokenPermission = "token_may";

    public static Guid? UserId(this ClaimsPrincipal user) => GuidOf(user, ClaimTypes.NameIdentifier);

    public static Guid? TenantId(this ClaimsPrincipal user) => GuidOf(user, Tenant);

    public static Guid? SignInId(this ClaimsPrincipal user) => GuidOf(user, SignIn);

    public static Guid? TokenId(this ClaimsPrincipal user) => GuidOf(user, Token);

    public static IEnumerable<Permission> TokenPermissions(this ClaimsPrincipal user)
        => user.FindAll(TokenPermission).Select(claim => Enum.Parse<Permission>(claim.Value));

    public static string Name(this ClaimsPrincipal user) => user.FindFirstValue(DisplayName) ?? "";

    public static bool IsSuperAdmin(this ClaimsPrincipal user) => user.HasClaim(SuperAdmin, "1");

    public static bool IsSupport(this ClaimsPrincipal user) => user.IsSuperAdmin() && user.HasClaim(Support, "1");

    /// <summary>The claims beside Identity's own for somebody who enters a tenant.</summary>
    public static IEnumerable<Claim> Entering(Guid tenantId, bool asSupport)
    {
        yield return new Claim(Tenant, tenantId.ToString("D", CultureInfo.InvariantCulture));
        if (asSupport)
            yield return new Claim(Support, "1");
    }

    /// <summary>The claim of a new sign-in.</summary>
    public static Claim Of(Guid signInId) => new(SignIn, signInId.ToString("D", CultureInfo.InvariantCulture));

    /// <summary>The claim of the present sign-in, for a cookie of the same one.</summary>
    public static IEnumerable<Claim> SameSignIn(this ClaimsPrincipal user) => user.FindAll(SignIn);

    /// <summary>What is only in the present cookie and goes on into one that is made anew: the sign-in, and the tenant that was entered.</summary>
    public static IEnumerable<Claim> Carried(this ClaimsPrincipal user)
        => user.Claims.Where(claim => claim.Type is SignIn or Tenant or Support);

    private static Guid? GuidOf(ClaimsPrincipal user, string type)
        => Guid.TryParse(user.FindFirstValue(type), out var id) ? id : null;
}

/// <summary>Identity's claims, with the name and the super admin's mark.</summary>
internal sealed class StaffClaimsFactory(UserManager<StaffUser> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<StaffUser>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(StaffUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(StaffClaims.DisplayName, user.DisplayName));
        if (user.IsSuperAdmin)
            identity.AddClaim(new Claim(StaffClaims.SuperAdmin, "1"));
        return identity;
    }
}
