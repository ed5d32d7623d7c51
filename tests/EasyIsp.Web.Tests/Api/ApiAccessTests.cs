using System.Net;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using EasyIsp.Web.Access;
using EasyIsp.Web.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Api;

public sealed class ApiAccessTests(PostgresServer server)
{
    [Fact]
    public async Task Every_endpoint_refuses_who_has_no_token_and_a_token_without_its_permission()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var nobody = shop.Host.Browser();
        using var packages = await shop.ClientAsync(Permission.PackagesView);
        using var routers = await shop.ClientAsync(Permission.RoutersView);
        var endpoints = EndpointsOf(shop.Host);
        Assert.True(endpoints.Count >= 14);

        foreach (var endpoint in endpoints)
        {
            var needed = endpoint.Metadata.GetMetadata<RequirePermissionAttribute>();
            Assert.True(needed is not null, $"{endpoint.DisplayName} says no permission.");
            var other = needed.Permission == Permission.PackagesView ? routers : packages;
            Assert.Equal((endpoint.DisplayName, HttpStatusCode.Unauthorized), (endpoint.DisplayName, await StatusAsync(nobody, endpoint)));
            Assert.Equal((endpoint.DisplayName, HttpStatusCode.Forbidden), (endpoint.DisplayName, await StatusAsync(other, endpoint)));
        }
    }

    [Fact]
    public async Task A_token_can_be_given_just_what_the_endpoints_ask_for()
    {
        await using var shop = await ApiShop.OpenAsync(server);

        var asked = EndpointsOf(shop.Host).Select(endpoint => endpoint.Metadata.GetMetadata<RequirePermissionAttribute>()!.Permission);

        Assert.Equal(asked.Distinct().Order(), ApiPermissions.Used.Order());
    }

    [Fact]
    public async Task A_wrong_a_revoked_and_an_expired_token_are_told_what_is_wrong()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var wrong = shop.Client("eisp_0123456789012345678901234567890123456789");
        using var revoked = await shop.ClientAsync(Permission.SessionsView);
        Assert.Equal(HttpStatusCode.OK, (await revoked.OpenAsync("/api/v1/sessions")).StatusCode);
        await shop.RevokeAllAsync();
        using var expired = await shop.ClientAsync(Permission.SessionsView);
        await shop.WriteAsync($"update api_tokens set expires_at = now() - interval '1 minute' where revoked_at is null");

        await Eventually.TrueAsync(async () => (await revoked.OpenAsync("/api/v1/sessions")).StatusCode == HttpStatusCode.Unauthorized);
        foreach (var (client, word) in new[] { (wrong, "unknown"), (revoked, "revoked"), (expired, "expired") })
        {
            using var answer = await client.OpenAsync("/api/v1/sessions");
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
            Assert.Contains(word, await answer.TextAsync());
        }
    }

    [Fact]
    public async Task A_token_has_no_more_than_who_made_it_has_at_the_moment()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView, Permission.RoutersView);

        await shop.WriteAsync($"update roles set is_admin = false, permissions = array['RoutersView'] where name = {StandardRoles.Admin}");
        await Eventually.TrueAsync(async () => (await client.OpenAsync("/api/v1/sessions")).StatusCode == HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, (await client.OpenAsync("/api/v1/routers")).StatusCode);

        await shop.WriteAsync($"update memberships set ended_at = now()");
        await Eventually.TrueAsync(async () => (await client.OpenAsync("/api/v1/routers")).StatusCode == HttpStatusCode.Unauthorized);
        Assert.Equal(ApiTokenState.Orphaned, Assert.Single(await shop.AsTenantAsync<ApiTokenDesk, IReadOnlyList<ApiTokenRow>>(
            desk => desk.ListAsync(CancellationToken.None))).State);
    }

    [Fact]
    public async Task Nobody_makes_a_token_that_may_more_than_he()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        await shop.WriteAsync($"update roles set is_admin = false, permissions = array['ApiTokensCreate', 'RoutersView'] where name = {StandardRoles.Admin}");

        await Eventually.TrueAsync(async () => await shop.AsTenantAsync<ApiTokenDesk, ApiTokenOutcome>(desk => desk.MakeAsync(
                new ApiTokenDraft("Greedy", [Permission.SessionsView], null), CancellationToken.None))
            is ApiTokenOutcome.Refused { Faults: [ApiTokenFault.ForeignPermissions] });
    }

    [Fact]
    public async Task A_cookie_is_nothing_to_the_api_and_a_token_nothing_to_the_pages()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var person = shop.Host.Browser();
        await person.SignInAsync("admin@savanna.example");
        using var program = await shop.ClientAsync(Permission.CustomersView);

        Assert.Equal(HttpStatusCode.OK, (await person.OpenAsync("/customers")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await person.OpenAsync("/api/v1/customers")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.OpenAsync("/api/v1/customers")).StatusCode);
        using var page = await program.OpenAsync("/customers");
        Assert.True(page.IsRedirect());
        Assert.StartsWith("/account/sign-in", page.LocationPath());
    }

    [Fact]
    public async Task The_token_itself_is_kept_nowhere_and_its_use_and_making_are_written_down()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var token = await shop.TokenAsync(Permission.RoutersView);
        using var client = shop.Client(token);
        await client.ReadAsync("/api/v1/routers");

        var kept = Assert.Single(await shop.AsTenantAsync<ApiTokenDesk, IReadOnlyList<ApiTokenRow>>(desk => desk.ListAsync(CancellationToken.None)));
        Assert.StartsWith(kept.Hint, token);
        Assert.NotNull(kept.LastUsedAt);
        var deed = await shop.AsTenantAsync<IspDatabase, AuditEvent>(async database =>
        {
            await using var db = await database.OpenAsync(CancellationToken.None);
            return await db.AuditEvents.SingleAsync(e => e.Action == "api-token.make");
        });
        Assert.DoesNotContain(token, deed.Details!.RootElement.GetRawText());
    }

    [Fact]
    public async Task Who_asks_too_often_waits()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var nobody = shop.Host.Browser();
        using var program = await shop.ClientAsync(Permission.RoutersView);
        HttpResponseMessage answer;
        var asked = 0;
        do
            answer = await nobody.OpenAsync("/api/v1/routers");
        while (answer.StatusCode == HttpStatusCode.Unauthorized && ++asked < 200);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("Wait", await answer.TextAsync());
        Assert.Equal(HttpStatusCode.OK, (await program.OpenAsync("/api/v1/routers")).StatusCode);
    }

    [Fact]
    public async Task The_description_names_every_endpoint_and_its_permission()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var anybody = shop.Host.Browser();

        var described = (await anybody.JsonAsync("/api/v1/openapi.json")).GetProperty("paths");

        foreach (var endpoint in EndpointsOf(shop.Host))
        {
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace(":guid", "", StringComparison.Ordinal);
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0].ToLowerInvariant();
            Assert.StartsWith("Permission: ", described.GetProperty(path).GetProperty(method).GetProperty("description").GetString());
        }
    }

    /// <summary>From the route table, so that a new one without a permission is found.</summary>
    private static IReadOnlyList<RouteEndpoint> EndpointsOf(ConsoleHost host) =>
    [
        .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api", StringComparison.Ordinal)
                && !endpoint.RoutePattern.RawText.EndsWith("openapi.json", StringComparison.Ordinal)),
    ];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace("{id:guid}", Guid.AllBitsSet.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]), path);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
