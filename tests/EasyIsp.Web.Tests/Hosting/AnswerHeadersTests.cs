using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Hosting;

/// <summary>Walks the table of routes: an address that is added is asked too.</summary>
public sealed class AnswerHeadersTests(PostgresServer server)
{
    private static readonly string[] Policy =
    [
        "default-src 'self'", "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'", "style-src 'self' 'unsafe-inline'",
    ];

    [Fact]
    public async Task Every_address_answers_with_the_headers_whoever_asks_and_however_it_ends()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        await host.HireAsync("admin@example.com", StandardRoles.Admin, await host.FoundTenantAsync("savanna"));
        using var nobody = host.Browser();
        using var admin = host.Browser();
        await admin.SignInAsync("admin@example.com");

        var faults = new List<string>();
        foreach (var (method, path) in Addresses(host).Append(("GET", "/no-such-address")).Append(("PUT", "/")).Append(("GET", "/error")))
        {
            foreach (var browser in method == "GET" ? new[] { nobody, admin } : [nobody])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                if (FaultOf(answer) is { } fault)
                    faults.Add($"{method} {path} ({(int)answer.StatusCode}): {fault}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Scripts_run_by_a_nonce_that_is_another_each_time()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        using var browser = host.Browser();

        var (one, other) = (await browser.OpenAsync("/account/sign-in"), await browser.OpenAsync("/account/sign-in"));

        Assert.NotEqual(NonceOf(one), NonceOf(other));
        Assert.Contains($"nonce=\"{NonceOf(one)}\"", await one.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_https_every_cookie_is_its_hosts_alone()
    {
        await using var host = await ConsoleHost.StartAsync(server, settings: [new("Console:PublicUrl", "https://console.example")]);
        await host.HireAsync("admin@example.com", StandardRoles.Admin, await host.FoundTenantAsync("savanna"));
        using var browser = host.Browser("https://console.example");

        using var page = await browser.OpenAsync("/account/sign-in");
        using var answer = await browser.SignInAsync("admin@example.com");

        Assert.Equal("/", answer.LocationPath());
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/")).StatusCode);
        Assert.Equal("max-age=31536000", page.Headers.GetValues("Strict-Transport-Security").Single());
        var cookies = page.Headers.GetValues("Set-Cookie").Concat(answer.Headers.GetValues("Set-Cookie")).ToList();
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-easyisp=", StringComparison.Ordinal));
        foreach (var cookie in cookies)
        {
            Assert.StartsWith("__Host-", cookie);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Without_https_no_browser_is_bound_to_it()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        using var browser = host.Browser();

        // Nobody in front of us is trusted, so what a stranger says of https is not believed.
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        Assert.False((await browser.OpenAsync("/account/sign-in")).Headers.Contains("Strict-Transport-Security"));
    }

    private static IEnumerable<(string Method, string Path)> Addresses(ConsoleHost host) =>
        from endpoint in host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"]
        let path = PathOf(endpoint.RoutePattern)
        orderby path, method
        select (method, path);

    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "01980000-0000-7000-8000-000000000001",
    }))));

    private static string? FaultOf(HttpResponseMessage answer)
    {
        string Said(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

        var policy = Said("Content-Security-Policy");
        return Policy.FirstOrDefault(rule => !policy.Contains(rule, StringComparison.Ordinal)) is { } missing ? $"the policy lacks {missing}"
            : !policy.Contains("script-src 'self' 'nonce-", StringComparison.Ordinal) || policy.Contains("unsafe-eval", StringComparison.Ordinal) ? $"scripts: {policy}"
            : answer.StatusCode == HttpStatusCode.InternalServerError ? "it failed"
            : Said("X-Content-Type-Options") != "nosniff" ? "X-Content-Type-Options"
            : Said("Referrer-Policy") != "same-origin" ? "Referrer-Policy"
            : Said("Permissions-Policy").Length == 0 ? "Permissions-Policy"
            : Said("Cross-Origin-Opener-Policy") != "same-origin" ? "Cross-Origin-Opener-Policy"
            : Said("Cross-Origin-Resource-Policy") != "same-origin" ? "Cross-Origin-Resource-Policy"
            : Said("Server").Length > 0 || Said("X-Powered-By").Length > 0 ? "it says what serves it"
            : null;
    }

    private static string NonceOf(HttpResponseMessage answer)
        => answer.Headers.GetValues("Content-Security-Policy").Single().Split("'nonce-")[1].Split('\'')[0];
}
