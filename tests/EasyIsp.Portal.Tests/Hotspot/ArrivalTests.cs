using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Portal.Tests.Hotspot;

public sealed class ArrivalTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task A_device_that_comes_back_finds_its_visit_again()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var first = phone.Visit;
        await phone.ArriveAsync();

        Assert.Equal(first, phone.Visit);
    }

    [Fact]
    public async Task A_router_may_hand_over_by_get_too()
    {
        var phone = portal.NewPhone();

        var answer = await phone.GetAsync($"/h/{PortalWorld.Site}?mac=02-00-00-00-AA-01&ip=10.5.50.9&link-login-only=http%3A%2F%2F10.5.50.1%2Flogin");

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        var visit = await portal.World.ReadAsync(db => db.HotspotVisits.SingleAsync(v => v.MacAddress == "02:00:00:00:AA:01"));
        Assert.Equal("http://10.5.50.1/login", visit.LinkLoginOnly);
    }

    [Fact]
    public async Task A_browser_without_a_device_sees_prices_and_how_to_come_properly_but_cannot_pay()
    {
        var phone = portal.NewPhone();
        var page = await phone.FollowAsync(await phone.ArriveAsync(words: [("mac", "'; drop table customers; --")]));

        Assert.Contains("We cannot see your device.", page.Text);
        Assert.Contains("Ksh 20", page.Text);
        Assert.DoesNotContain("/buy/", page.Html);
        Assert.Equal(phone.Visit, (await phone.BuyAsync(portal.HourId)).Location);
    }

    [Theory]
    [InlineData("https://evil.example/login")]
    [InlineData("http://8.8.8.8/login")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://10.5.50.1@evil.example/login")]
    [InlineData("http://hs.savanna.example.evil.example/login")]
    [InlineData("//evil.example")]
    public async Task No_password_is_ever_sent_to_an_address_that_is_not_the_routers(string link)
    {
        var phone = portal.NewPhone();
        var page = await phone.FollowAsync(await phone.ArriveAsync(words: ("link-login-only", link)));

        Assert.EndsWith("form-action 'self'", page.Policy);
        Assert.DoesNotContain("evil", page.Html);
        Assert.Null(await portal.World.ReadAsync(db => db.HotspotVisits.Where(v => v.MacAddress == phone.Mac).Select(v => v.LinkLoginOnly).SingleAsync()));
    }

    [Fact]
    public async Task The_hotspots_own_host_name_is_as_good_as_its_address()
    {
        var phone = portal.NewPhone();
        var page = await phone.FollowAsync(await phone.ArriveAsync(words: ("link-login-only", "https://HS.savanna.example/login")));

        Assert.EndsWith("form-action 'self' https://hs.savanna.example", page.Policy);
    }

    [Fact]
    public async Task What_the_device_wanted_is_never_a_script()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync(words: ("link-orig", "javascript:alert(document.domain)"));

        Assert.Null(await portal.World.ReadAsync(db => db.HotspotVisits.Where(v => v.MacAddress == phone.Mac).Select(v => v.LinkOrig).SingleAsync()));
    }

    [Theory]
    [InlineData("/h/nobody")]
    [InlineData("/h/..%2f..")]
    [InlineData("/v/short")]
    [InlineData("/v/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/")]
    public async Task An_address_that_names_nothing_is_told_kindly(string path)
    {
        var page = await portal.NewPhone().GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Contains("This page is not here", page.Text);
    }

    [Fact]
    public async Task A_visit_shows_nothing_of_another_tenant()
    {
        var (otherTenant, otherPackage) = await OtherTenantAsync();
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var stranger = new Phone(portal, "02:00:00:00:BB:01", "10.5.50.200", null);
        await stranger.ArriveAsync(site: "other");

        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync($"{phone.Visit}/buy/{otherPackage}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await phone.BuyAsync(otherPackage)).Status);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync($"{stranger.Visit}/buy/{otherPackage}")).Status);

        // The key of one tenant's visit under the other's name.
        var crossed = $"/v/{stranger.Visit[3..25]}{phone.Visit[25..]}";
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync(crossed)).Status);
        Assert.NotEqual(portal.World.TenantId, otherTenant);
    }

    [Fact]
    public async Task Who_has_time_left_is_told_so_and_goes_online_with_one_tap()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync(chap: false);
        await phone.BuyAsync(portal.DayId, "0712 000 401");
        await portal.SettleAsync(await portal.SendPromptAsync(phone));
        await phone.GetAsync((await phone.GetAsync($"{phone.Visit}/online")).Location ?? phone.Visit);
        var request = await portal.World.ReadAsync(db => db.PaymentRequests.OrderByDescending(r => r.Id).Select(r => new { r.Id, r.CustomerId }).FirstAsync());
        await phone.GetAsync($"{phone.Visit}/pay/{request.Id}");

        var offered = await phone.GetAsync(phone.Visit);
        Assert.Contains("You have time left until tomorrow", offered.Text);
        Assert.Contains("2 GB of data left", offered.Text);
        Assert.Contains($"href=\"{phone.Visit}/connect\"", offered.Html);

        await portal.OpenSessionAsync(request.CustomerId, phone.Mac, bytes: 600_000_000);
        var online = await phone.GetAsync(phone.Visit);
        Assert.Contains("You are online until tomorrow", online.Text);
        Assert.Contains("1.4 GB of data left", online.Text);

        await portal.CloseSessionsAsync();
        await portal.OpenSessionAsync(request.CustomerId, phone.Mac, bytes: 2_000_000_000);
        Assert.Contains("Your data is used up.", (await phone.GetAsync(phone.Visit)).Text);
        await portal.CloseSessionsAsync();
    }

    [Fact]
    public async Task A_device_that_radius_has_let_in_is_known_again_when_its_visit_is_over()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync(chap: false);
        await phone.BuyAsync(portal.DayId, "0712 000 402");
        await portal.SettleAsync(await portal.SendPromptAsync(phone));
        var customerId = await portal.World.ReadAsync(db => db.PaymentRequests.OrderByDescending(r => r.Id).Select(r => r.CustomerId).FirstAsync());
        Assert.Contains("Choose a package", (await phone.GetAsync(phone.Visit)).Text);

        await portal.OpenSessionAsync(customerId, phone.Mac);

        Assert.Contains("You are online", (await phone.GetAsync(phone.Visit)).Text);
        await portal.CloseSessionsAsync();
    }

    private async Task<(Guid TenantId, Guid PackageId)> OtherTenantAsync()
    {
        var world = portal.World;
        var tenantId = await world.FoundTenantAsync("other", "Other Net");
        var codec = world.Services.GetRequiredService<SecretCodec>();
        return await world.WriteAsync(tenantId, db =>
        {
            var now = world.Clock.GetUtcNow();
            var package = EasyIsp.Core.Packages.Package.Create(
                tenantId, AccessType.Hotspot, new("Their hour", 30, TimeSpan.FromHours(1), 1000, 1000), now);
            var router = Router.Add(tenantId, "Their gate", IPAddress.Parse("127.0.1.9"), codec.Protect(tenantId, "radius-secret"), now);
            db.AddRange(package, router, PortalSite.Claim("other", tenantId, router.Id));
            return Task.FromResult((tenantId, package.Id));
        });
    }
}
