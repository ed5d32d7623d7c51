using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Portal.Tests.Layout;

public sealed class PageTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    private const int MaxBytes = 60_000;

    [Fact]
    public async Task A_page_with_all_it_needs_weighs_less_than_60_kilobytes_and_asks_nobody_else()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var begun = await phone.BuyAsync(portal.HourId, "0712 000 501");
        foreach (var path in new[] { phone.Visit, $"{phone.Visit}/buy/{portal.HourId}", begun.Location!, $"{phone.Visit}/receipt" })
        {
            var page = await phone.GetAsync(path);
            var weight = Encoding.UTF8.GetByteCount(page.Html);
            foreach (Match asset in Regex.Matches(page.Html, """(?:<link rel="(?:stylesheet|icon)" href|<script src)="(?<url>[^"]+)""", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
            {
                Assert.StartsWith("/theme/", asset.Groups["url"].Value);
                weight += Encoding.UTF8.GetByteCount((await phone.GetAsync(asset.Groups["url"].Value)).Html);
            }

            Assert.InRange(weight, 1_000, MaxBytes);
        }
    }

    [Fact]
    public async Task Nothing_but_our_own_styles_scripts_and_forms_is_allowed()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        var page = await phone.GetAsync(phone.Visit);

        Assert.Equal(
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
            + "frame-ancestors 'none'; form-action 'self' http://10.5.50.1",
            page.Policy);
        Assert.DoesNotContain(" style=", page.Html);
        Assert.DoesNotContain(" onclick", page.Html);
        Assert.DoesNotMatch("<script(?![^>]* src=)", page.Html);
    }

    [Theory]
    [InlineData("/theme/theme.css", "text/css")]
    [InlineData("/theme/accent/0f766e.css", "text/css")]
    [InlineData("/theme/wait.js", "text/javascript")]
    public async Task What_a_theme_holds_is_kept_by_phones(string path, string type)
    {
        using var client = portal.App.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", answer.Headers.GetValues("Cache-Control")));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task A_browser_that_speaks_swahili_is_answered_in_it()
    {
        var phone = portal.NewPhone("sw-KE,sw;q=0.9,en;q=0.8");
        await phone.ArriveAsync();

        var page = await phone.GetAsync(phone.Visit);

        Assert.Contains("<html lang=\"sw\">", page.Html);
        Assert.Contains("Chagua kifurushi", page.Text);
        Assert.Contains("saa 1 One hour · Hadi 5 Mbps · Data bila kikomo", page.Text);
        Assert.Contains("English", page.Text);
    }

    [Fact]
    public async Task A_language_that_was_tapped_stays_without_cookies_all_the_way()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        var page = await phone.GetAsync($"{phone.Visit}?lang=sw");
        var buy = await phone.GetAsync($"{phone.Visit}/buy/{portal.HourId}?lang=sw");

        Assert.Contains($"href=\"{phone.Visit}/buy/{portal.HourId}?lang=sw\"", page.Html);
        Assert.Contains("Namba ya simu ya M-Pesa", buy.Text);
        Assert.Contains($"action=\"{phone.Visit}/buy/{portal.HourId}?lang=sw\"", buy.Html);
    }

    [Fact]
    public async Task A_tenants_name_is_text_wherever_it_stands()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        await RenameAsync("<script>alert('net')</script>");
        try
        {
            foreach (var path in new[] { phone.Visit, $"{phone.Visit}/receipt", $"{phone.Visit}/buy/{portal.HourId}" })
                Assert.DoesNotContain("<script>alert", (await phone.GetAsync(path)).Html);
        }
        finally
        {
            await RenameAsync("Savanna Net");
        }
    }

    [Fact]
    public async Task A_suspended_tenants_portal_is_closed_and_says_so()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        await ChangeTenantAsync(tenant => tenant.Suspend(portal.World.Clock.GetUtcNow()));
        try
        {
            var page = await phone.GetAsync(phone.Visit);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
            Assert.Contains("We are closed for now", page.Text);
        }
        finally
        {
            await ChangeTenantAsync(tenant => tenant.Resume());
        }
    }

    private Task RenameAsync(string name) => ChangeTenantAsync(tenant => tenant.Rename(name));

    private async Task ChangeTenantAsync(Action<EasyIsp.Core.Tenancy.Tenant> change)
    {
        var platform = (EasyIsp.Core.Persistence.PlatformDatabase)portal.World.Services.GetService(typeof(EasyIsp.Core.Persistence.PlatformDatabase))!;
        await using var db = await platform.OpenAsync(TestContext.Current.CancellationToken);
        change(await db.Tenants.SingleAsync(t => t.Id == portal.World.TenantId, TestContext.Current.CancellationToken));
        await db.CommitAsync(TestContext.Current.CancellationToken);
    }
}
