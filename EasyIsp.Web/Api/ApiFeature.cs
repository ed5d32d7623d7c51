using System.Text.Json;
using System.Text.Json.Serialization;
using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;
using EasyIsp.Web.Api.Events;
using EasyIsp.Web.Api.Payments;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Api;

/// <summary>The REST API for other software. Each feature's endpoints stand in a file of their own.</summary>
internal static class ApiFeature
{
    public const string Root = "/api";

    private const string Version = "v1";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        // What cannot be bound is told by its name, also outside Development.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddOpenApi(Version, ApiDescription.Describe);
        return services.AddApiEvents();
    }

    /// <summary>For answers that nobody has written a body for: no such address, not this method. None is kept on the way.</summary>
    public static void UseApiProblems(this WebApplication app) => app.UseWhen(context => IsOfApi(context.Request.Path), api =>
    {
        api.UseStatusCodePages();
        api.Use((context, next) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        api.Use(ApiLimits.LimitBodyAsync);
    });

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi($"{Root}/{{documentName}}/openapi.json").AllowAnonymous();
        var api = endpoints.MapGroup($"{Root}/{Version}");
        api.MapSessions();
        api.MapLogins();
        api.MapCustomers();
        api.MapRouters();
        api.MapPackages();
        api.MapPayments();
        api.MapCounter();
        api.MapPrompts();
        api.MapSuspense();
        api.MapRefunds();
        api.MapReconciliation();
        api.MapStaff();
        api.MapEvents();
    }

    public static bool IsOfApi(PathString path) => path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);

    /// <summary>Who may ask for it: a token that has the permission, of a person who has it.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Permission permission) where TBuilder : IEndpointConventionBuilder
        => endpoint.RequireAuthorization(new RequirePermissionAttribute(permission));
}
