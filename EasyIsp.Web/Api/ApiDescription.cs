using EasyIsp.Web.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EasyIsp.Web.Api;

/// <summary>The OpenAPI document: the API alone, and by which token each endpoint is asked.</summary>
internal static class ApiDescription
{
    private const string Scheme = "token";

    public static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "EasyISP",
                Version = "v1",
                Description = "What an Internet provider's other software asks and orders. Tokens are made in Settings, API.",
            };
            document.Components ??= new OpenApiComponents();
            document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RequirePermissionAttribute>().FirstOrDefault() is { } needed)
                operation.Description = $"Permission: {needed.Permission}. {operation.Description}".Trim();
            return Task.CompletedTask;
        });
    }
}
