using System.Net;
using EasyIsp.Core.Tests.Routers;
using EasyIsp.Emulators.Demonstration.Shoppers;
using EasyIsp.Emulators.Routers.Radius;
using Xunit;

namespace EasyIsp.Core.Tests.Demonstration;

/// <summary>A person's life at a hotspot, on a real emulated router and before a portal of paper.</summary>
public sealed class ShopperTests
{
    [Fact]
    public async Task Who_has_time_left_signs_in_browses_and_is_forgotten_when_he_leaves()
    {
        await using var site = await EmulatedSite.OpenAsync(options => options.PortalUrl = "http://portal.test/h/gate");
        var portal = new PaperPortal
        {
            ["/h/gate"] = """<a href="/v/abc/connect">Go online</a>""",
            ["/v/abc/connect"] = """<form action="http://127.0.1.1/login"><input name="username" value="jane"><input name="password" value="once"></form>""",
        };

        var life = LiveAsync(site, portal);
        site.Clock.Advance(TimeSpan.FromSeconds(15));
        var start = (await site.Radius.AccountingAsync()).Packet;
        await PassAsync(site, life);
        await life;

        var stop = (await site.Radius.AccountingAsync()).Packet;
        Assert.Equal(("jane", "jane"), (start.Text(Attr.UserName), stop.Text(Attr.UserName)));
        Assert.True(stop.Number(Attr.AcctOutputOctets) > 0, "He was online and read nothing.");
        Assert.Empty(site.Router.Hosts);
        Assert.Contains("mac=" + Uri.EscapeDataString(new Passerby(0).Mac(1)), portal.Visited[0], StringComparison.Ordinal);
        Assert.Contains("chap-challenge=&", portal.Visited[0] + "&", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_finds_nothing_on_sale_goes_away()
    {
        await using var site = await EmulatedSite.OpenAsync(options => options.PortalUrl = "http://portal.test/h/gate");

        var life = LiveAsync(site, new PaperPortal { ["/h/gate"] = "<p>Nothing is on sale here.</p>" });
        Assert.Single(site.Router.Hosts);
        await PassAsync(site, life);
        await life;

        Assert.Empty(site.Router.Hosts);
    }

    [Fact]
    public async Task A_portal_that_is_away_leaves_no_phone_behind()
    {
        await using var site = await EmulatedSite.OpenAsync(options => options.PortalUrl = "http://portal.test/h/gate");

        await Assert.ThrowsAsync<HttpRequestException>(() => LiveAsync(site, new PaperPortal()));

        Assert.Empty(site.Router.Hosts);
    }

    private static async Task LiveAsync(EmulatedSite site, PaperPortal portal)
    {
        using var browser = new PortalBrowser(new HttpClient(portal));
        // This seed's person does not come back.
        var shopper = new Shopper(new Passerby(0), site.Router, browser, new ShoppersOptions(), new Random(4), site.Clock);
        await shopper.LiveAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A second of his for each moment of ours: what he does goes on in the pool, and the router ends a session that idles meanwhile.</summary>
    private static async Task PassAsync(EmulatedSite site, Task life)
    {
        while (!life.IsCompleted)
        {
            site.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Pages by their paths; what it has not is 503.</summary>
    private sealed class PaperPortal : HttpMessageHandler
    {
        private readonly Dictionary<string, string> _pages = new(StringComparer.Ordinal);

        public List<string> Visited { get; } = [];

        public string this[string path]
        {
            set => _pages[path] = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Visited.Add(request.RequestUri!.AbsoluteUri);
            var answer = _pages.TryGetValue(request.RequestUri.AbsolutePath, out var page)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(page) }
                : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            answer.RequestMessage = request;
            return Task.FromResult(answer);
        }
    }
}
