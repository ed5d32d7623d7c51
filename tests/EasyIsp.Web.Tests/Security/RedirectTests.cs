using System.Reflection;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>No address of ours sends a browser to a stranger's site.</summary>
[Collection<Attacked>]
public sealed class RedirectTests(AttackedConsole console)
{
    private static readonly string[] Strangers =
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "https:evil.example",
        "javascript:alert(1)", " //evil.example", "/%2f/evil.example/..//evil.example", "http://localhost@evil.example/", "/account/../..//evil.example",
    ];

    /// <summary>Words that say where to go on; one that is new has to be tried below.</summary>
    private static readonly string[] Known = ["next", "returnurl"];

    private static readonly string[] Signs = ["url", "next", "redirect", "return", "goto", "target", "link", "back", "continue", "dest"];

    [Fact]
    public void Every_word_that_says_where_to_go_on_is_among_those_that_are_tried()
    {
        var words = Surface.Pages.SelectMany(page => page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(property => property.IsDefined(typeof(SupplyParameterFromQueryAttribute)) || property.IsDefined(typeof(SupplyParameterFromFormAttribute)))
            .Where(property => property.PropertyType == typeof(string)).Select(property => property.Name)
            .Concat(Surface.EndpointsOf(console.Host).SelectMany(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
                .Where(parameter => parameter.ParameterType == typeof(string) && (parameter.IsDefined(typeof(FromFormAttribute)) || parameter.IsDefined(typeof(FromQueryAttribute))))
                .Select(parameter => parameter.Name!))
            .Select(word => word.ToLowerInvariant())
            .Where(word => Signs.Any(sign => word.Contains(sign, StringComparison.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Known, words);
    }

    [Fact]
    public async Task Signing_in_goes_on_within_the_console()
    {
        foreach (var stranger in Strangers)
        {
            using var browser = console.Host.Browser();
            var address = $"/account/sign-in?returnUrl={Uri.EscapeDataString(stranger)}";
            AssertOurs(InputIn(await browser.ReadAsync(address)), stranger);
            using var answer = await browser.PostFormAsync(
                address, address, ("_handler", "sign-in"), ("Form.Email", DemonstrationData.AdminEmail), ("Form.Password", console.PasswordOf(DemonstrationData.AdminEmail)));
            AssertOurs(answer, stranger);
        }
    }

    [Fact]
    public async Task Entering_a_company_as_support_goes_on_within_the_console()
    {
        using var operators = await console.BrowserAsync(DemonstrationData.SuperAdminEmail);
        foreach (var stranger in Strangers)
        {
            using var answer = await operators.PostFormAsync("/account", "/platform/enter", ("tenantId", $"{console.TenantId}"), ("next", stranger));
            AssertOurs(answer, stranger);
        }
    }

    [Fact]
    public async Task No_address_takes_a_way_on_from_words_that_others_use()
    {
        using var browser = await console.BrowserAsync();
        using var nobody = console.Host.Browser();
        string[] words = [.. Known, "returnUrl", "ReturnUrl", "redirect", "redirect_uri", "url", "dst", "continue", "goto", "target"];
        var query = string.Join('&', words.Select(word => $"{word}={Uri.EscapeDataString("//evil.example/")}"));

        foreach (var endpoint in Surface.EndpointsOf(console.Host).Where(endpoint => endpoint.Methods().Contains("GET") && !endpoint.IsFile() && !endpoint.Pattern().StartsWith("/_blazor", StringComparison.Ordinal)
            && !endpoint.Pattern().EndsWith("/events", StringComparison.Ordinal)))
        {
            foreach (var client in new[] { browser, nobody })
            {
                using var answer = await client.GetAsync($"{endpoint.Address(AttackedConsole.Nobodys)}?{query}", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                AssertOurs(answer, endpoint.Pattern());
            }
        }
    }

    [Fact]
    public async Task The_name_of_another_host_does_not_come_into_an_answer()
    {
        using var browser = console.Host.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Original-URL", "//evil.example/");
        using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.DoesNotContain("evil.example", $"{answer.Headers.Location}", StringComparison.Ordinal);
    }

    /// <summary>A location without a host, or with ours; what stands in its query is text.</summary>
    private static void AssertOurs(HttpResponseMessage answer, string tried)
    {
        if (answer.Headers.Location is { } location)
            AssertOurs(location.OriginalString, tried);
    }

    private static void AssertOurs(string address, string tried)
    {
        var there = new Uri(new Uri("http://localhost/"), address);
        Assert.True(there is { Host: "localhost", Scheme: "http" } && !address.StartsWith("/\\", StringComparison.Ordinal), $"{tried} leads to {address}");
    }

    private static string InputIn(string page)
        => System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(
            page, "name=\"returnUrl\" value=\"(?<value>[^\"]*)\"", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["value"].Value);
}
