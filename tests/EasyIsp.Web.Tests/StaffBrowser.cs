using System.Security.Claims;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using EasyIsp.Web.Access;
using EasyIsp.Web.Layout;
using EasyIsp.Web.Platform;
using EasyIsp.Web.Routers;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace EasyIsp.Web.Tests;

/// <summary>The console's components on the real services of a world, seen by a member of its tenant's staff.</summary>
internal sealed class StaffBrowser : IAsyncDisposable
{
    private StaffBrowser(World world) => World = world;

    public World World { get; }
    public BunitContext Context { get; } = new();

    public ConsoleSession Session => Context.Services.GetRequiredService<ConsoleSession>();

    public static async Task<StaffBrowser> OpenAsync(PostgresServer server, string role = StandardRoles.Admin)
    {
        var browser = new StaffBrowser(await World.OpenAsync(server));
        await browser.SignInAsync(role);
        return browser;
    }

    public string Path => new Uri(Context.Services.GetRequiredService<NavigationManager>().Uri).PathAndQuery;

    public void GoTo(string path) => Context.Services.GetRequiredService<NavigationManager>().NavigateTo(path);

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        await World.DisposeAsync();
    }

    private async Task SignInAsync(string role)
    {
        World.AddTo(Context.Services).AddConsoleAccess().AddMudServices();
        Context.Services.AddRouterPages(World.Configuration).AddPlatform();
        Context.RenderTree.TryAdd<CascadingValue<PageStart>>(start => start.Add(
            s => s.Value, new PageStart("127.0.0.1", ThemeMode.Light, false, false, new FormToken("token", "of-the-test"))));
        Context.AddAuthorization().SetAuthorized("Wanjiku").SetPolicies([.. StandardRoles.All[role].Select(Policies.Of)]);
        Context.JSInterop.Mode = JSRuntimeMode.Loose;
        var now = World.Clock.GetUtcNow();
        var userId = Guid.CreateVersion7(now);
        await using (var db = await World.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None))
        {
            var standard = StandardRoles.For(World.TenantId, now).Single(one => one.Name == role);
            db.Roles.Add(standard);
            db.Memberships.Add(Membership.Begin(World.TenantId, userId, standard.Id, now));
            await db.CommitAsync(CancellationToken.None);
        }

        var claims = StaffClaims.Entering(World.TenantId, asSupport: false).Append(new Claim(ClaimTypes.NameIdentifier, userId.ToString()));
        await Session.BeginAsync(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")), CancellationToken.None);
        Context.Render<MudPopoverProvider>();
    }
}
