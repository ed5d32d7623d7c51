using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace EasyIsp.Web.Access;

/// <summary>
/// Who calls the API: the bearer of a token (RFC 6750), who is told what is wrong with it. Below <c>/api</c> nothing but a
/// token counts, so no page of another site can act there with a browser's cookie; elsewhere no token does.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ApiTokenDirectory tokens,
    StaffDirectory staff,
    TimeProvider clock) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "token";

    /// <summary>The scheme of every request: a token or a cookie, by the path alone.</summary>
    public const string OrCookie = "token-or-cookie";

    private const string Bearer = "Bearer ";

    public static string SchemeOf(HttpContext context)
        => ApiFeature.IsOfApi(context.Request.Path) ? SchemeName : IdentityConstants.ApplicationScheme;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.ToString() is not { Length: > 0 } header)
            return AuthenticateResult.NoResult();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || await tokens.FindAsync(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } token)
        {
            return AuthenticateResult.Fail("This token is unknown. Check that it was copied whole.");
        }

        if (token.RevokedAt is not null)
            return AuthenticateResult.Fail("This token was revoked. Make a new one in Settings, API.");
        if (!token.IsGoodAt(clock.GetUtcNow()))
            return AuthenticateResult.Fail("This token has expired. Make a new one in Settings, API.");
        if (await staff.AccessAsync(token.MadeBy, token.TenantId, Context.RequestAborted) is null)
            return AuthenticateResult.Fail("Whoever made this token does not work here any more, or the company is suspended.");

        await tokens.NoteUseAsync(token, Context.RequestAborted);
        var bearer = new ClaimsPrincipal(new ClaimsIdentity(ClaimsOf(token), SchemeName));
        return AuthenticateResult.Success(new AuthenticationTicket(bearer, SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure?.Message;
        Response.Headers[HeaderNames.WWWAuthenticate] = failure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        await ApiProblems.Unauthorized(failure ?? "Send a token of your company: 'Authorization: Bearer eisp_…'. It is made in Settings, API.")
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
        => ApiProblems.Forbidden(Context.GetEndpoint()?.Metadata.GetMetadata<RequirePermissionAttribute>()?.Permission).ExecuteAsync(Context);

    private static IEnumerable<Claim> ClaimsOf(ApiTokenStanding token)
    {
        yield return new Claim(ClaimTypes.NameIdentifier, token.MadeBy.ToString("D", CultureInfo.InvariantCulture));
        yield return new Claim(StaffClaims.DisplayName, $"{token.Name} (API)");
        foreach (var claim in StaffClaims.Entering(token.TenantId, asSupport: false))
            yield return claim;
        yield return new Claim(StaffClaims.Token, token.Id.ToString("D", CultureInfo.InvariantCulture));
        foreach (var permission in token.Permissions)
            yield return new Claim(StaffClaims.TokenPermission, permission.ToString());
    }
}
