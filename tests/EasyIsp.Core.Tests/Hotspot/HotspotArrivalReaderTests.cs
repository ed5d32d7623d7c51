using System.Net;
using EasyIsp.Core.Hotspot;
using Xunit;

namespace EasyIsp.Core.Tests.Hotspot;

public sealed class HotspotArrivalReaderTests
{
    [Fact]
    public void What_a_router_says_is_taken_as_it_means_it()
    {
        var arrival = HotspotArrivalReader.Read(
            new RouterWords(
                "bc-24-11-eb-56-4d", "10.5.50.20", "http://10.5.50.1/login", "http://example.com/a?b=c", @"\371",
                @"\357\015\330\013\021\234\145\245\303\253\142\246\133\175\375\316"),
            hotspotHost: null);

        Assert.Equal("BC:24:11:EB:56:4D", arrival.MacAddress);
        Assert.Equal(IPAddress.Parse("10.5.50.20"), arrival.Address);
        Assert.Equal("http://10.5.50.1/login", arrival.LinkLoginOnly);
        Assert.Equal("http://example.com/a?b=c", arrival.LinkOrig);
        Assert.Equal([0xF9], arrival.ChapId);
        Assert.Equal(Convert.FromHexString("EF0DD80B119C65A5C3AB62A65B7DFDCE"), arrival.ChapChallenge);
    }

    [Theory]
    [InlineData("http://10.5.50.1/login", "http://10.5.50.1/login")]
    [InlineData("https://192.168.88.1:8443/login?dst=x#y", "https://192.168.88.1:8443/login")]
    [InlineData("http://172.31.0.1/login", "http://172.31.0.1/login")]
    [InlineData("http://127.0.1.1:8081/login", "http://127.0.1.1:8081/login")]
    [InlineData("http://HS.isp.example/login", "http://hs.isp.example/login")]
    [InlineData("http://172.32.0.1/login", null)]
    [InlineData("http://192.169.0.1/login", null)]
    [InlineData("http://8.8.8.8/login", null)]
    [InlineData("http://134744072/login", null)]
    [InlineData("http://[::1]/login", null)]
    [InlineData("http://localhost/login", null)]
    [InlineData("http://other.isp.example/login", null)]
    [InlineData("http://hs.isp.example.evil.example/login", null)]
    [InlineData("http://user:pass@10.5.50.1/login", null)]
    [InlineData("http://10.5.50.1@evil.example/login", null)]
    [InlineData("ftp://10.5.50.1/login", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("/login", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_login_link_leads_to_a_private_address_or_to_the_routers_own_name(string? said, string? taken)
        => Assert.Equal(taken, HotspotArrivalReader.Read(new RouterWords(LinkLoginOnly: said), "hs.isp.example").LinkLoginOnly);

    [Fact]
    public void Links_longer_than_their_column_are_dropped()
    {
        var arrival = HotspotArrivalReader.Read(
            new RouterWords(LinkLoginOnly: "http://10.5.50.1/" + new string('a', 500), LinkOrig: "http://example.com/" + new string('é', 900)), null);

        Assert.Null(arrival.LinkLoginOnly);
        Assert.Null(arrival.LinkOrig);
    }

    [Theory]
    [InlineData("10.5.50.20.30")]
    [InlineData("::1")]
    [InlineData("10.5.50.20; drop")]
    [InlineData("999.1.1.1")]
    public void An_address_is_four_numbers(string said)
        => Assert.Null(HotspotArrivalReader.Read(new RouterWords(Ip: said), null).Address);

    [Theory]
    [InlineData(@"\371", 1, "F9")]
    [InlineData("A", 1, "41")]
    [InlineData(@"A\102C", 3, "414243")]
    [InlineData(@"\477", 1, null)]
    [InlineData(@"\38", 1, null)]
    [InlineData(@"\", 1, null)]
    [InlineData(@"\371\371", 1, null)]
    [InlineData(@"\371", 2, null)]
    [InlineData("é", 1, null)]
    [InlineData("", 1, null)]
    public void Octets_are_octal_escapes_or_letters_and_exactly_as_many_as_are_due(string said, int count, string? hex)
        => Assert.Equal(hex, HotspotArrivalReader.Octets(said, count) is { } octets ? Convert.ToHexString(octets) : null);

    [Fact]
    public void Half_a_challenge_is_none()
        => Assert.Null(HotspotArrivalReader.Read(new RouterWords(ChapId: @"\371", ChapChallenge: @"\357\015"), null).ChapId);

    /// <summary>The vector of mikrotik.md, 5.3 [X].</summary>
    [Fact]
    public void The_answer_to_a_challenge_is_the_one_that_a_router_computes() => Assert.Equal(
        "7caf5aa93e7d4d6cf22877a94ee0da32",
        HotspotLogin.ChapResponse(0xF9, "voucher1", Convert.FromHexString("EF0DD80B119C65A5C3AB62A65B7DFDCE")));
}
