using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Portal.Tests.Hosting;

/// <summary>Walks the table of routes: an address that is added is asked too.</summary>
public sealed class AnswerHeadersTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    [Fact]
    public async Task Every_address_answers_with_the_headers_for_a_visit_and_for_a_stranger()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        using var client = portal.App.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });

        var faults = new List<string>();
        foreach (var (method, path) in Addresses(phone.Visit).Append(("GET", "/no-such-address")).Append(("PUT", "/")))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            // That something is not well is what health is asked for.
            var mayFail = path.StartsWith("/health", StringComparison.Ordinal) && answer.StatusCode == HttpStatusCode.ServiceUnavailable;
            if (FaultOf(answer, isOfVisit: path.StartsWith(phone.Visit, StringComparison.Ordinal), mayFail) is { } fault)
                faults.Add($"{method} {path} ({(int)answer.StatusCode}): {fault}");
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("10.9.9.9", "https", true)]
    [InlineData("10.9.9.9", "http", false)]
    [InlineData("203.0.113.9", "https", false)]
    public async Task Only_what_a_known_proxy_says_of_https_binds_browsers_to_it(string from, string scheme, bool isBound)
    {
        await using var app = await PortalWorld.AppAsync(portal.World, ("TrustedProxies:0", "10.9.9.0/24"));
        using var client = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/health/live", UriKind.Relative));
        request.Headers.Add(Phone.AddressHeader, from);
        request.Headers.Add("X-Forwarded-Proto", scheme);

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(isBound, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/pay/cb/a/b")]
    [InlineData("/pay/in/a/b")]
    [InlineData("/pay/res/a/b")]
    [InlineData("/pay/out/a/b")]
    [InlineData("/pay/ask/a/b")]
    [InlineData("/pay/hook/a")]
    [InlineData("/pay/sms/a")]
    public async Task What_is_too_large_is_not_read_by_any_door_of_providers(string path)
    {
        using var client = portal.App.CreateClient();
        using var answer = await client.PostAsync(
            new Uri(path, UriKind.Relative), new ByteArrayContent(new byte[1024 * 1024]), TestContext.Current.CancellationToken);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.NotFound });
    }

    private IEnumerable<(string Method, string Path)> Addresses(string visit) =>
        from endpoint in portal.App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"]
        from path in new[] { PathOf(endpoint.RoutePattern, visit), PathOf(endpoint.RoutePattern, "/v/nobody") }.Distinct()
        orderby path, method
        select (method, path);

    private static string PathOf(RoutePattern pattern, string visit)
    {
        var path = "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { Name: "visit" } => visit["/v/".Length..],
            RoutePatternParameterPart { Name: "site" } => PortalWorld.Site,
            _ => "01980000-0000-7000-8000-000000000001",
        }))));
        return path;
    }

    private static string? FaultOf(HttpResponseMessage answer, bool isOfVisit, bool mayFail)
    {
        string Said(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

        var policy = Said("Content-Security-Policy");
        return policy != Policy && !(isOfVisit && policy == $"{Policy} http://10.5.50.1") ? $"policy: {policy}"
            : answer.StatusCode >= HttpStatusCode.InternalServerError && !mayFail ? "it failed"
            : Said("X-Content-Type-Options") != "nosniff" ? "X-Content-Type-Options"
            : Said("Referrer-Policy") != "no-referrer" ? "Referrer-Policy"
            : Said("Permissions-Policy").Length == 0 ? "Permissions-Policy"
            : Said("Cross-Origin-Opener-Policy") != "same-origin" ? "Cross-Origin-Opener-Policy"
            : Said("Cache-Control").Length == 0 ? "Cache-Control"
            : Said("Server").Length > 0 ? "it says what serves it"
            : null;
    }
}
