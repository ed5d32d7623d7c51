using System.Reflection;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace EasyIsp.Web.Tests.Access;

public sealed class PageAccessTests(PostgresServer server)
{
    /// <summary>Pages of the person himself, whatever he may do and wherever he works.</summary>
    private static readonly string[] OfTheAccount = ["/account", "/account/tenant", "/account/denied", "/account/second-factor"];

    public static TheoryData<string> Pages => [.. Routable.Select(type => type.FullName!)];

    private static IEnumerable<Type> Routable => typeof(Program).Assembly.GetTypes().Where(type => type.IsDefined(typeof(RouteAttribute)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_says_who_may_open_it(string name)
    {
        var page = typeof(Program).Assembly.GetType(name)!;
        if (page.IsDefined(typeof(AllowAnonymousAttribute)) || page.GetCustomAttributes<RouteAttribute>().All(route => OfTheAccount.Contains(route.Template)))
            return;

        Assert.Contains(page.GetCustomAttributes<AuthorizeAttribute>(inherit: true), authorize => authorize.Policy is not null);
    }

    [Fact]
    public async Task The_platform_is_for_the_super_admin_alone()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        await host.HireAsync("admin@example.com", StandardRoles.Admin, await host.FoundTenantAsync("savanna"));
        await host.RegisterAsync("root@example.com", isSuperAdmin: true);
        using var admin = host.Browser();
        using var root = host.Browser();
        await admin.SignInAsync("admin@example.com");

        Assert.Equal("/platform", (await root.SignInAsync("root@example.com")).LocationPath());
        foreach (var path in new[] { "/platform", "/platform/jobs", "/platform/unknown-routers" })
        {
            Assert.StartsWith("/account/denied", (await admin.OpenAsync(path)).LocationPath());
            Assert.True((await root.OpenAsync(path)).IsSuccessStatusCode, path);
        }
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_sent_to_sign_in_and_back()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        using var browser = host.Browser();

        Assert.Equal("/account/sign-in?returnUrl=%2F", (await browser.OpenAsync("/")).LocationPath());
    }

    [Fact]
    public void Every_permission_has_its_policy()
    {
        var options = new AuthorizationOptions();
        Policies.Add(options);

        Assert.All(Enum.GetValues<Permission>(), permission => Assert.NotNull(options.GetPolicy(Policies.Of(permission))));
    }
}
