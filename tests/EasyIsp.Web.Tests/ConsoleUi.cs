using System.Security.Claims;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Web.Access;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace EasyIsp.Web.Tests;

/// <summary>The console's components on the real services and the real database; only the browser is missing.</summary>
internal static class ConsoleUi
{
    /// <param name="permissions">Of the person at the screen.</param>
    public static Task<BunitContext> OpenAsync(World world, params Permission[] permissions) => OpenAsync(world, edges: null, permissions);

    /// <param name="edges">Puts paper in the place of what lies outside.</param>
    public static async Task<BunitContext> OpenAsync(World world, Action<IServiceCollection>? edges, params Permission[] permissions)
    {
        BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(15); // the database answers, but not in zero time
        var ui = new BunitContext();
        ui.JSInterop.Mode = JSRuntimeMode.Loose;
        ui.Services.AddMudServices();
        world.AddTo(ui.Services);
        edges?.Invoke(ui.Services);
        ui.Services.AddStaff();
        ui.Services.AddScoped<StaffStanding>().AddSingleton<SignInCheck>();
        ui.Services.AddScoped(services => new ConsoleSession(
            services.GetRequiredService<TenantContext>(),
            services.GetRequiredService<Core.Auditing.Actor>(),
            services.GetRequiredService<StaffStanding>()));
        var person = ui.AddAuthorization().SetAuthorized("Wanjiku");
        person.SetPolicies([.. permissions.Select(Policies.Of)]);
        await ui.Services.GetRequiredService<ConsoleSession>().BeginAsync(Support(world), CancellationToken.None);
        ui.Render<MudPopoverProvider>();
        return ui;
    }

    /// <summary>Finds and clicks in one breath of the renderer, so that no rendering comes in between.</summary>
    /// <param name="text">All that the element says.</param>
    public static Task ClickAsync<TComponent>(this IRenderedComponent<TComponent> component, string selector, string text)
        where TComponent : Microsoft.AspNetCore.Components.IComponent
        => component.InvokeAsync(() => component.FindAll(selector).Single(element => element.TextContent.Trim() == text).Click());

    /// <summary>Support may all that the tenant's admin may, and needs no account of the tenant.</summary>
    private static ClaimsPrincipal Support(World world) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, Guid.CreateVersion7(world.Clock.GetUtcNow()).ToString()),
            new Claim(StaffClaims.DisplayName, "Wanjiku"),
            new Claim(StaffClaims.SuperAdmin, "1"),
            .. StaffClaims.Entering(world.TenantId, asSupport: true),
        ], "test"));
}
