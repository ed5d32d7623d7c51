using System.Net;
using System.Text.RegularExpressions;
using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace EasyIsp.Portal.Tests;

/// <summary>A phone with a captive browser: no script, no cookies, and whatever its router says of it.</summary>
public sealed class Phone(PortalWorld portal, string mac, string address, string? language)
{
    public const string AddressHeader = "Test-Address";
    public const string ChapId = @"\371";
    public const string ChapChallenge = @"\357\015\330\013\021\234\145\245\303\253\142\246\133\175\375\316";

    public string Mac => mac;
    public string Address => address;

    /// <summary>The number that was last typed, as Safaricom writes it.</summary>
    public string? PaysWith { get; private set; }

    /// <summary>Where the router sent it: the address of its visit.</summary>
    public string Visit { get; private set; } = "";

    /// <summary>The router's login page forwards the browser.</summary>
    public async Task<Page> ArriveAsync(bool chap = true, string? site = null, params (string Name, string Value)[] words)
    {
        var said = new Dictionary<string, string>
        {
            ["mac"] = mac,
            ["ip"] = address,
            ["link-login-only"] = "http://10.5.50.1/login",
            ["link-orig"] = "http://example.com/",
        };
        if (chap)
            (said["chap-id"], said["chap-challenge"]) = (ChapId, ChapChallenge);
        foreach (var (name, value) in words)
            said[name] = value;
        var page = await PostAsync($"/h/{site ?? PortalWorld.Site}", [.. said.Select(word => (word.Key, word.Value))]);
        if (page.Location?.Split('?')[0] is { } location)
            Visit = location.Replace("/connect", "", StringComparison.Ordinal);
        return page;
    }

    /// <summary>From the shelf to the prompt on the phone.</summary>
    public async Task<Page> BuyAsync(Guid packageId, string phone = "0712 345 678")
    {
        PaysWith = PhoneNumber.Normalize(phone, "KE") is { } number ? PhoneNumber.ToMsisdn(number) : null;
        return await PostAsync($"{Visit}/buy/{packageId}", ("phone", phone));
    }

    public Task<Page> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Page> PostAsync(string path, params (string Name, string Value)[] fields)
        => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))),
        });

    /// <summary>A page, and where it sends the browser, as far as that is the portal.</summary>
    public async Task<Page> FollowAsync(Page page)
    {
        while (page.Location is { } location && location.StartsWith('/'))
            page = await GetAsync(location);
        return page;
    }

    private async Task<Page> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var client = portal.App.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
            request.Headers.Add(AddressHeader, address);
            if (language is not null)
                request.Headers.AcceptLanguage.ParseAdd(language);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return new Page(
                response.StatusCode,
                await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Headers.Location?.OriginalString,
                response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : "");
        }
    }
}

/// <summary>What came back.</summary>
public sealed partial record Page(HttpStatusCode Status, string Html, string? Location, string Policy)
{
    /// <summary>What a person reads.</summary>
    public string Text => WebUtility.HtmlDecode(Blanks().Replace(Tags().Replace(Html, " "), " "));

    public string Input(string name) => WebUtility.HtmlDecode(
        Regex.Match(Html, $"""name="{name}" value="([^"]*)""", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value);

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
