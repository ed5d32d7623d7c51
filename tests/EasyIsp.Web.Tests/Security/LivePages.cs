using System.Diagnostics;
using System.Reflection;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Bunit;
using Bunit.TestDoubles;
using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;
using EasyIsp.Web.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>The pages of a circuit on the services of the attacked console itself, for somebody who may everything; only the browser is missing.</summary>
internal sealed partial class LivePages : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BunitContext _ui = new();
    private readonly AsyncServiceScope _scope;

    private LivePages(AsyncServiceScope scope) => _scope = scope;

    /// <param name="ofPlatform">Not within the company.</param>
    public static async Task<LivePages> OpenAsync(AttackedConsole console, bool ofPlatform = false)
    {
        var pages = new LivePages(console.Host.Services.CreateAsyncScope());
        var ui = pages._ui;
        ui.JSInterop.Mode = JSRuntimeMode.Loose;
        ui.Services.AddMudServices();
        ui.Services.AddFallbackServiceProvider(pages._scope.ServiceProvider);
        ui.RenderTree.TryAdd<CascadingValue<PageStart>>(start => start.Add(
            s => s.Value, new PageStart("127.0.0.1", ThemeMode.Light, false, false, new FormToken("token", "of-the-test"))));
        ui.AddAuthorization().SetAuthorized("Wanjiku").SetPolicies([Policies.Member, Policies.SuperAdmin, .. Enum.GetValues<Permission>().Select(Policies.Of)]);
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString()),
            new(StaffClaims.SuperAdmin, "1"),
            .. ofPlatform ? [] : StaffClaims.Entering(console.TenantId, asSupport: true),
        ];
        await pages._scope.ServiceProvider.GetRequiredService<ConsoleSession>().BeginAsync(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")), CancellationToken.None);
        return pages;
    }

    public static IEnumerable<string> AddressesOf(Type page) => page.GetCustomAttributes<RouteAttribute>().Select(route => route.Template);

    /// <summary>Goes to the page and waits until it has read what it shows.</summary>
    /// <param name="address">As its route says it.</param>
    /// <param name="query">Behind the question mark.</param>
    /// <returns>What a browser would get.</returns>
    public async Task<string> ShowAsync(string address, Guid id, string query = "")
    {
        var page = Surface.LivePages.Single(type => AddressesOf(type).Contains(address));
        var path = Place().Replace(address, id.ToString());
        await _ui.DisposeComponentsAsync(); // what was shown before would go on living
        _ui.Render<MudPopoverProvider>();
        _ui.Services.GetRequiredService<BunitNavigationManager>().NavigateTo(query.Length == 0 ? path : $"{path}?{query}");
        var shown = _ui.Render(builder =>
        {
            builder.OpenComponent(0, page);
            foreach (Match place in Place().Matches(address))
                builder.AddComponentParameter(1, place.Groups["name"].Value, id);
            builder.CloseComponent();
        });
        var markup = await SettledAsync(shown);
        Assert.False(_ui.Renderer.UnhandledException.IsCompleted, $"{path}?{query} failed: {(_ui.Renderer.UnhandledException.IsCompleted ? await _ui.Renderer.UnhandledException : null)}");
        Assert.DoesNotContain("The list could not be loaded", markup, StringComparison.Ordinal);
        return markup;
    }

    public async ValueTask DisposeAsync()
    {
        await _ui.DisposeAsync();
        await _scope.DisposeAsync();
    }

    /// <summary>What it shows once nothing has changed for a while.</summary>
    private static async Task<string> SettledAsync(IRenderedComponent<IComponent> shown)
    {
        var begun = Stopwatch.GetTimestamp();
        var (markup, since) = (shown.Markup, begun);
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromMilliseconds(80) || IsEmpty(markup))
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, $"The page came to no rest: {markup}");
            await Task.Delay(10, Xunit.TestContext.Current.CancellationToken);
            if (shown.Markup is var now && now != markup)
                (markup, since) = (now, Stopwatch.GetTimestamp());
        }

        return markup;
    }

    private static bool IsEmpty(string markup) => string.IsNullOrWhiteSpace(markup) || markup.Contains("aria-busy=\"true\"", StringComparison.Ordinal);

    [GeneratedRegex(@"\{(?<name>\w+):guid\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
