using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

public sealed class PurchaseTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task A_phone_that_pays_is_handed_a_login_that_its_router_accepts()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var shelf = await phone.GetAsync(phone.Visit);
        Assert.Contains("Ksh 20 1 hour One hour · Up to 5 Mbps · Unlimited data", shelf.Text);
        Assert.Contains("Ksh 80 1 day Day & night · Up to 10 Mbps · 2 GB · 2 devices", shelf.Text);

        var begun = await phone.BuyAsync(portal.HourId, "0712 000 110");
        var waiting = await phone.FollowAsync(begun);
        Assert.Contains("Enter your M-Pesa PIN to pay Ksh 20.", waiting.Text);
        Assert.Contains("""<noscript><meta http-equiv="refresh" content="3"></noscript>""", waiting.Html);
        Assert.DoesNotContain("000 110", waiting.Html);

        await portal.SettleAsync(await portal.SendPromptAsync(phone));
        var paid = await phone.FollowAsync(await phone.GetAsync(begun.Location!));

        Assert.Contains("""action="http://10.5.50.1/login""", paid.Html);
        var token = await TokenAsync(phone.Mac);
        Assert.Equal(ChapResponse(token), paid.Input("password"));
        Assert.Equal($"http://localhost{phone.Visit}/online", paid.Input("dst"));
        Assert.Contains("form-action 'self' http://10.5.50.1;", paid.Policy + ";");
    }

    [Fact]
    public async Task A_router_that_wants_plain_passwords_gets_the_token_itself()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync(chap: false);

        var form = await PaidAsync(phone, "0712 000 111");

        Assert.Equal(await TokenAsync(phone.Mac), form.Input("password"));
    }

    [Fact]
    public async Task A_challenge_that_has_grown_old_is_fetched_anew_and_the_browser_goes_on_where_it_was()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var begun = await phone.BuyAsync(portal.HourId, "0712 000 112");
        var prompt = await portal.SendPromptAsync(phone);
        portal.World.Clock.Advance(TimeSpan.FromSeconds(61));
        await portal.SettleAsync(prompt);

        var sentAway = await phone.FollowAsync(await phone.GetAsync(begun.Location!));
        Assert.Equal("http://10.5.50.1/login?dst=http%3A%2F%2Fexample.com%2F", sentAway.Location);

        var back = await phone.ArriveAsync();
        Assert.Equal($"{phone.Visit}/connect", back.Location);
        var form = await phone.FollowAsync(back);
        Assert.Equal(ChapResponse(await TokenAsync(phone.Mac)), form.Input("password"));

        // The challenge has been used; a second try must not use it again.
        Assert.StartsWith("http://10.5.50.1/login?dst=", (await phone.GetAsync($"{phone.Visit}/connect")).Location);
    }

    [Fact]
    public async Task A_router_that_refuses_the_login_does_not_send_the_browser_round_in_circles()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        await PaidAsync(phone, "0712 000 113");

        var refused = await phone.FollowAsync(await phone.ArriveAsync(words: ("error", "<b>invalid password</b>")));

        Assert.Contains("The Wi-Fi did not let this device in.", refused.Text);
        Assert.DoesNotContain("invalid password", refused.Html);
        Assert.Contains("You have time left", refused.Text);
    }

    [Theory]
    [InlineData("001", "There is not enough money on this M-Pesa account.")]
    [InlineData("032", "The request was cancelled on your phone. Nothing was paid.")]
    [InlineData("037", "Your phone did not answer.")]
    [InlineData("019", "The request on your phone ran out of time.")]
    [InlineData("201", "The M-Pesa PIN was not right.")]
    [InlineData("228", "M-Pesa cannot be used here at the moment.")]
    [InlineData("904", "M-Pesa cannot be used here at the moment.")]
    public async Task A_payment_that_fails_says_why_and_offers_another_try(string scenario, string sentence)
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var begun = await phone.BuyAsync(portal.HourId, $"0722 111 {scenario}");
        await portal.SettleAsync(await portal.SendPromptAsync(phone));

        var failed = await phone.GetAsync(begun.Location!);

        Assert.Contains(sentence, failed.Text);
        Assert.Contains("Try again", failed.Text);
        Assert.DoesNotContain("http-equiv", failed.Html);
    }

    [Theory]
    [InlineData("026", "M-Pesa is busy.")]
    [InlineData("101", "There is a request on this phone already.")]
    public async Task A_prompt_that_is_refused_at_once_says_why(string scenario, string sentence)
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var begun = await phone.BuyAsync(portal.HourId, $"0722 111 {scenario}");
        await portal.SendPromptsAsync();

        Assert.Contains(sentence, (await phone.GetAsync(begun.Location!)).Text);
    }

    [Fact]
    public async Task Another_try_goes_to_the_same_phone_without_its_number_being_shown()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var begun = await phone.BuyAsync(portal.HourId, "0722 222 032");
        await portal.SettleAsync(await portal.SendPromptAsync(phone));
        var failed = await phone.GetAsync(begun.Location!);
        Assert.DoesNotContain("222 032", failed.Html);

        var again = await phone.PostAsync($"{phone.Visit}/buy/{portal.HourId}", ("again", failed.Input("again")));

        Assert.StartsWith($"{phone.Visit}/pay/", again.Location);
        Assert.NotEqual(begun.Location, again.Location);
        Assert.Equal("254722222032", (await portal.SendPromptAsync(phone)).Request.Msisdn);
    }

    [Fact]
    public async Task After_two_minutes_the_payer_may_stop_watching()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var begun = await phone.BuyAsync(portal.HourId, "0722 333 900");
        await portal.SendPromptAsync(phone);
        portal.World.Clock.Advance(TimeSpan.FromSeconds(120));

        var page = await phone.GetAsync(begun.Location!);

        Assert.Contains("We are still looking", page.Text);
        Assert.Contains("no money is lost", page.Text);
    }

    [Fact]
    public async Task Whoever_types_another_persons_number_gets_nothing_of_his()
    {
        var owner = portal.NewPhone();
        await owner.ArriveAsync();
        await PaidAsync(owner, "0733 000 114");
        var stranger = portal.NewPhone();
        await stranger.ArriveAsync();

        await stranger.BuyAsync(portal.HourId, "0733 000 114");

        Assert.Contains("Choose a package", (await stranger.GetAsync(stranger.Visit)).Text);
        Assert.Equal(stranger.Visit, (await stranger.GetAsync($"{stranger.Visit}/connect")).Location);
    }

    [Fact]
    public async Task A_number_that_is_being_asked_already_stays_with_the_visit_that_asked()
    {
        var first = portal.NewPhone();
        await first.ArriveAsync();
        var begun = await first.BuyAsync(portal.HourId, "0733 000 115");
        var second = portal.NewPhone();
        await second.ArriveAsync();

        var refused = await second.BuyAsync(portal.HourId, "0733 000 115");

        Assert.Contains("There is a request on this phone already.", refused.Text);
        var stolen = begun.Location!.Replace(first.Visit, second.Visit, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync(stolen)).Status);
    }

    [Theory]
    [InlineData("not a phone")]
    [InlineData("")]
    [InlineData("0712345")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    public async Task A_number_that_is_none_is_sent_back_with_an_example_and_harmless(string typed)
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        var page = await phone.BuyAsync(portal.HourId, typed);

        Assert.Contains("Please check this number. It should look like 07", page.Text);
        Assert.DoesNotContain("<script>alert", page.Html);
        Assert.DoesNotContain("<img", page.Html);
    }

    [Fact]
    public async Task Where_the_router_has_an_api_it_is_given_some_seconds_before_the_browser_tries()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync(chap: false);
        await UseApiAsync(new RouterApiAccess("easyisp", Protected("api"), 8728, certificateFingerprint: null));
        try
        {
            var begun = await phone.BuyAsync(portal.HourId, "0712 000 116");
            await portal.SettleAsync(await portal.SendPromptAsync(phone));

            Assert.Contains("We are bringing you online", (await phone.GetAsync(begun.Location!)).Text);
            Assert.Equal("BringingOnline", (await phone.GetAsync($"{begun.Location}?handler=Stage")).Html);
            var order = await portal.World.ReadAsync(db => db.NetworkOrders.SingleAsync(o => o.MacAddress == phone.Mac));
            Assert.Equal(NetworkOrderKind.HotspotLogin, order.Kind);

            await portal.OpenSessionAsync(order.CustomerId!.Value, phone.Mac);
            Assert.Contains("You are online until 13:", (await phone.GetAsync(begun.Location!)).Text);
            await portal.CloseSessionsAsync();

            portal.World.Clock.Advance(TimeSpan.FromSeconds(6));
            Assert.Equal($"{phone.Visit}/connect", (await phone.GetAsync(begun.Location!)).Location);
        }
        finally
        {
            await UseApiAsync(null);
        }
    }

    [Fact]
    public async Task Many_purchases_at_once_are_asked_to_wait_in_kind_words()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        Page page = null!;
        for (var i = 0; i < 6; i++)
            page = await phone.BuyAsync(portal.HourId, $"0744 000 11{i}");

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Contains("Please wait 12 seconds, then try again.", page.Text);
    }

    private async Task<Page> PaidAsync(Phone phone, string number)
    {
        var begun = await phone.BuyAsync(portal.HourId, number);
        await portal.SettleAsync(await portal.SendPromptAsync(phone));
        return await phone.FollowAsync(await phone.GetAsync(begun.Location!));
    }

    private Task<string> TokenAsync(string mac) => portal.World.ReadAsync(async db =>
    {
        var token = await db.LoginTokens.Where(t => t.MacAddress == mac).OrderByDescending(t => t.Id).FirstAsync();
        return portal.World.Services.GetRequiredService<SecretCodec>().Reveal(token.TenantId, token.Password);
    });

    [SuppressMessage("Security", "CA5351", Justification = "The hotspot's protocol says MD5.")]
    private static string ChapResponse(string password) => Convert.ToHexStringLower(MD5.HashData(
        [0xF9, .. Encoding.UTF8.GetBytes(password), .. Convert.FromHexString("EF0DD80B119C65A5C3AB62A65B7DFDCE")]));

    private Secret Protected(string value) => portal.World.Services.GetRequiredService<SecretCodec>().Protect(portal.World.TenantId, value);

    private Task<int> UseApiAsync(RouterApiAccess? api) => portal.World.WriteAsync(async db =>
    {
        var router = await db.Routers.SingleAsync(r => r.Id == portal.RouterId);
        router.ReachByApi(api);
        return 0;
    });
}
