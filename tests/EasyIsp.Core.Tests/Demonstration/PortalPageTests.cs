using EasyIsp.Emulators.Demonstration.Shoppers;
using Xunit;

namespace EasyIsp.Core.Tests.Demonstration;

/// <summary>Pages as the portal writes them, shortened. That it still writes them so is tested at the portal.</summary>
public sealed class PortalPageTests
{
    private static readonly Uri Visit = new("http://portal.test/v/abc");

    [Fact]
    public void The_shelf_is_read_with_its_prices_and_other_links_are_no_offers()
    {
        var page = PortalPage.Read(Visit, """
            <a class="language" lang="sw" href="/v/abc?lang=sw">Kiswahili</a>
            <a class="offer" href="/v/abc/buy/1"><span class="what">
              <b class="price">Ksh 1,500</b> <b>1 day</b></span></a>
            <a href="/v/abc/buy/2?lang=sw&amp;x=1" class="offer"><b class="price">Ksh 7.50</b></a>
            <a href="/v/abc/buy/3">Use another number</a><a href="tel:+254711">Help</a>
            """);

        Assert.Equal(
            [new PortalOffer(new Uri(Visit, "/v/abc/buy/1"), 1_500), new PortalOffer(new Uri(Visit, "/v/abc/buy/2?lang=sw&x=1"), 7.50m)],
            page.Offers);
        Assert.Null(page.ConnectLink);
        Assert.Null(page.Refresh);
    }

    [Fact]
    public void Who_has_time_left_finds_the_way_online()
        => Assert.Equal(
            new Uri("http://portal.test/v/abc/connect"),
            PortalPage.Read(Visit, """<a class="button" href="/v/abc/connect">Go online</a>""").ConnectLink);

    [Fact]
    public void The_paying_form_is_the_one_that_asks_for_a_phone()
    {
        var page = PortalPage.Read(Visit, """
            <form method="post" action="/v/abc/voucher"><input name="code"></form>
            <form class="field" method="post" action="/v/abc/buy/1">
            <input type="hidden" name="token" value="a&amp;b"><input id="p" name="phone" type="tel" value="0712" required><button>Pay</button></form>
            """);

        var form = page.PayingForm!;
        Assert.Equal((new Uri(Visit, "/v/abc/buy/1"), "phone"), (form.Action, form.PhoneField));
        Assert.Equal(("a&b", "0712"), (form.Fields["token"], form.Fields["phone"]));
        Assert.Null(page.RouterForm);
    }

    [Fact]
    public void The_form_for_the_router_is_known_by_its_fields()
        => Assert.Equal("secret", PortalPage.Read(Visit, """
            <form method="post" action="http://127.0.1.1:8081/login" data-go><input type="hidden" name="username" value="u">
            <input type="hidden" name="password" value="secret"></form>
            """).RouterForm!.Fields["password"]);

    [Theory]
    [InlineData("3", 3, "http://portal.test/v/abc")]
    [InlineData("2;url=/v/abc/online?look=1&amp;lang=sw", 2, "http://portal.test/v/abc/online?look=1&lang=sw")]
    public void A_page_that_comes_again_says_when_and_where(string content, int seconds, string address)
        => Assert.Equal(
            new PageRefresh(TimeSpan.FromSeconds(seconds), new Uri(address)),
            PortalPage.Read(Visit, $"""<meta http-equiv="refresh" content="{content}">""").Refresh);
}
