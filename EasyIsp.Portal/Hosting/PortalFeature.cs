using System.Text.Encodings.Web;
using System.Text.Unicode;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared.Hosting;
using EasyIsp.Portal.Hotspot;
using EasyIsp.Portal.Languages;
using EasyIsp.Portal.Payments;
using EasyIsp.Portal.Theming;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;

namespace EasyIsp.Portal.Hosting;

internal static class PortalFeature
{
    private const string Problem = "/problem";

    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsValidator>();
        services.AddSingleton<ThemeFiles>();
        services.AddSingleton<PortalLanguages>();
        services.AddScoped<PortalLimits>();
        services.AddSingleton<PortalMetrics>();
        services.AddSingleton<PortalSites>();
        services.AddScoped<PortalRequest>();
        services.AddScoped<Purchases>();
        services.AddScoped<PaidReceipts>();
        services.AddSingleton<CallbackSources>();
        services.AddScoped<CallbackEndpoint>();
        services.AddScoped<SignedEndpoint>();
        services.AddScoped<ForwardedSmsEndpoint>();
        // Sentences of every language as they are, not as entities: half the bytes.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        // Captive browsers lose cookies, so forms are guarded by their unguessable address: docs/decisions/0008-portal-forms.md.
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/";
            pages.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute());
            pages.Conventions.ConfigureFilter(new HandledMethodsOnly());
        });
        return services;
    }

    public static void UsePortal(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = Problem,
            StatusCodeSelector = exception => DatabaseAway.Explains(exception) ? StatusCodes.Status503ServiceUnavailable
                : IsUnreadable(exception) ? StatusCodes.Status400BadRequest
                : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = failed => IsUnreadable(failed.Exception),
        });
        app.UseStatusCodePagesWithReExecute(Problem);
        app.UseReadableAddresses();
        app.UseRouting();
        app.UseMiddleware<TenantFromRoute>();
        app.MapTheme();
        app.MapArrivals();
        app.Services.GetRequiredService<CallbackSources>(); // a source that cannot be read stops the start, not the first callback
        CallbackEndpoint.Map(app);
        SignedEndpoint.Map(app);
        ForwardedSmsEndpoint.Map(app);
        app.MapRazorPages();
    }

    /// <summary>What was sent is no form, whatever it says of itself: its sender's fault, and no news.</summary>
    private static bool IsUnreadable(Exception exception) => exception is InvalidDataException or BadHttpRequestException;
}
