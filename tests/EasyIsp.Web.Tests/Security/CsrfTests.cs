using System.Net;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>Another site's page makes a signed-in browser send a form: nothing that writes takes it without the token of a page of ours.</summary>
[Collection<Attacked>]
public sealed class CsrfTests(AttackedConsole console)
{
    /// <summary>What takes a request without the token, and why that is no hole.</summary>
    private static readonly Dictionary<string, string> WithoutToken = new(StringComparer.Ordinal)
    {
        ["/_blazor/negotiate"] = "opens a connection that can do nothing: a circuit needs the sealed mark of a page of ours, and other sites cannot read the answer",
        ["/_blazor"] = "the connection itself; the cookie is SameSite=Lax, so that another site's socket comes without it",
        ["/_blazor/disconnect/"] = "ends a circuit whose unguessable id is named",
        ["/_blazor/disconnect"] = "ends a circuit whose unguessable id is named",
        ["/_blazor/initializers"] = "names scripts, to any method",
        ["/health"] = "says how the process is, to any method",
        ["/health/live"] = "says how the process is, to any method",
        ["/health/ready"] = "says how the process is, to any method",
        ["/metrics"] = "says how the process is, to any method",
        ["/platform/jobs/{**path}"] = "Hangfire's pages ask for the token by themselves: they are tried below",
    };

    [Fact]
    public async Task Nothing_that_writes_takes_a_form_of_another_site()
    {
        using var admin = await console.BrowserAsync();
        using var operators = await console.BrowserAsync(DemonstrationData.SuperAdminEmail);
        List<string> faults = [];
        var asked = 0;

        foreach (var endpoint in Surface.EndpointsOf(console.Host).Where(endpoint => !endpoint.IsFile() && !WithoutToken.ContainsKey(endpoint.Pattern())))
        {
            foreach (var method in endpoint.WritingMethods())
            {
                var browser = endpoint.Pattern().StartsWith("/platform", StringComparison.Ordinal) ? operators : admin;
                using var answer = await SendAsync(browser, method, endpoint);
                asked++;
                // A cookie is nothing to the API; Hangfire's pages refuse in their own way; what takes GET alone has no form to refuse.
                var isRefused = answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                    or HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnsupportedMediaType;
                if (!isRefused)
                    faults.Add($"{method} {endpoint.Pattern()}: {(int)answer.StatusCode} {answer.LocationPath()}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
        Assert.InRange(asked, 60, int.MaxValue);
    }

    [Fact]
    public async Task A_jobs_button_pressed_from_another_site_does_nothing()
    {
        using var operators = await console.BrowserAsync(DemonstrationData.SuperAdminEmail);

        foreach (var path in new[] { "/platform/jobs/recurring/trigger", "/platform/jobs/recurring/remove", "/platform/jobs/jobs/enqueued/delete" })
        {
            using var answer = await operators.PostAsync(path, Form(), TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task The_token_of_another_person_is_none()
    {
        using var stranger = console.Host.Browser();
        using var admin = await console.BrowserAsync();
        var page = await stranger.ReadAsync("/account/sign-in");
        var token = BrowserSteps.TokenIn(page);

        using var answer = await admin.PostAsync(
            "/account/sign-ins/end-all", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await admin.OpenAsync("/")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Cookies_are_kept_from_scripts_and_from_other_sites()
    {
        using var browser = console.Host.Browser();
        using var answer = await browser.SignInAsync("nobody@savanna.example", "not the password");
        using var admin = console.Host.Browser();
        using var entered = await console.SignInAsync(admin);

        var cookies = new[] { answer, entered }.SelectMany(a => a.Headers.TryGetValues("Set-Cookie", out var set) ? set : []).ToList();

        Assert.Contains(cookies, cookie => cookie.StartsWith("easyisp=", StringComparison.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("(?i)samesite=(lax|strict)", cookie);
        });
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient browser, string method, RouteEndpoint endpoint)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), endpoint.Address(AttackedConsole.Nobodys)) { Content = Form() };
        return await browser.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static FormUrlEncodedContent Form() => new([new("id", AttackedConsole.Nobodys.ToString()), new("tenantId", AttackedConsole.Nobodys.ToString()), new("_handler", "sign-in")]);
}
