using System.Net.Mime;
using Microsoft.Extensions.FileProviders;

namespace EasyIsp.Portal.Theming;

internal static class ThemeEndpoints
{
    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>The theme's files, and under <c>/theme/accent/{rrggbb}.css</c> a tenant's colour. All addresses say what they hold.</summary>
    public static void MapTheme(this WebApplication app)
    {
        var types = new Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider();
        types.Mappings.Remove(".json");
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = "/theme",
            FileProvider = new PhysicalFileProvider(app.Services.GetRequiredService<ThemeFiles>().Folder),
            ContentTypeProvider = types,
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = Forever,
        });
        app.MapGet("/theme/accent/{color}.css", (string color, HttpResponse response) =>
        {
            if (AccentColors.StylesheetOf(color) is not { } stylesheet)
                return Results.NotFound();

            response.Headers.CacheControl = Forever;
            return Results.Text(stylesheet, MediaTypeNames.Text.Css);
        });
    }
}
