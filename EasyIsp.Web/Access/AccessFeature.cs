using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.SignIns;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Access;

internal static class AccessFeature
{
    public static IServiceCollection AddConsoleAccess(this IServiceCollection services)
    {
        services.AddStaff().AddSignInManager().AddClaimsPrincipalFactory<StaffClaimsFactory>();
        var authentication = services.AddAuthentication(TokenAuthentication.OrCookie)
            .AddPolicyScheme(TokenAuthentication.OrCookie, null, options => options.ForwardDefaultSelector = TokenAuthentication.SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        authentication.AddIdentityCookies(cookies =>
            cookies.ApplicationCookie!.Configure(options =>
            {
                options.Cookie.Name = "easyisp";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.SlidingExpiration = true;
                options.LoginPath = "/account/sign-in";
                options.AccessDeniedPath = "/account/denied";
                options.ReturnUrlParameter = "returnUrl";
                options.ExpireTimeSpan = SignIn.IdleLimit;
                options.Events.OnValidatePrincipal = SignInCheck.ValidateAsync;
            }));
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, HostCookies>();
        services.AddSingleton<IPostConfigureOptions<AntiforgeryOptions>, HostCookies>();
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = TimeSpan.FromMinutes(1);
            options.OnRefreshingPrincipal = CarryOnAsync;
        });

        services.AddAuthorization(Policies.Add);
        services.AddScoped<IAuthorizationHandler, TenantRequirementHandler>();
        services.AddScoped<StaffStanding>().AddSingleton<SignInCheck>();
        services.AddScoped(provider => new ConsoleSession(
            provider.GetRequiredService<Core.Tenancy.TenantContext>(),
            provider.GetRequiredService<Core.Auditing.Actor>(),
            provider.GetRequiredService<StaffStanding>()));
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, ConsoleAuthentication>();
        services.AddScoped<CircuitHandler, TenantCircuitHandler>();
        return services;
    }

    public static IApplicationBuilder UseTenant(this IApplicationBuilder app) => app.UseMiddleware<TenantMiddleware>();

    /// <summary>The stamp's validation makes a new principal from the account; the sign-in, and which tenant was entered, are only in the old one.</summary>
    private static Task CarryOnAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal is { } present)
            context.NewPrincipal!.Identities.First().AddClaims(present.Carried());
        return Task.CompletedTask;
    }
}
