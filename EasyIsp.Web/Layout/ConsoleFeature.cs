using Microsoft.AspNetCore.Components;
using MudBlazor;
using MudBlazor.Services;

namespace EasyIsp.Web.Layout;

/// <summary>The Blazor side of the process: MudBlazor, circuits, pages and their files.</summary>
internal static class ConsoleFeature
{
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            // A phone in a lift finds its page again; after that its state is kept, without the circuit.
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(5);
        });
        services.AddExceptionHandler<UnreadableFormHandler>();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.PreventDuplicates = false;
            mud.SnackbarConfiguration.ShowTransitionDuration = 120;
            mud.SnackbarConfiguration.HideTransitionDuration = 120;
        });
        return services;
    }

    /// <summary>In place of a page that failed. What could not be read is its sender's fault, and no news.</summary>
    public static void UseErrorPage(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandlingPath = "/error",
        CreateScopeForErrors = true,
        StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException,
    });

    /// <summary>For people who follow an address; a machine's or a form's refusal keeps its own answer.</summary>
    public static void UseNotFoundPage(this WebApplication app) => app.UseWhen(
        context => HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase),
        people => people.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));

    public static void MapConsole<TApp>(this WebApplication app) where TApp : IComponent
    {
        app.MapStaticAssets().AllowAnonymous();
        // Our own header says who may frame us.
        app.MapRazorComponents<TApp>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
