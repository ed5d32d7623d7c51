using EasyIsp.Core.Replies;
using Xunit;

namespace EasyIsp.Core.Tests.Replies;

public sealed class ReplyRulesTests
{
    [Theory]
    [InlineData("Filter-Id", "homes.in", "686f6d65732e696e")]
    [InlineData("filter-id", " homes ", "686f6d6573")]
    [InlineData("Framed-MTU", "1480", "000005c8")]
    [InlineData("Service-Type", "Framed", "00000002")]
    [InlineData("Framed-IP-Netmask", "255.255.255.0", "ffffff00")]
    [InlineData("DNS-Server-IPv6-Address", "2001:db8::53", "20010db8000000000000000000000053")]
    [InlineData("Framed-IPv6-Prefix", "2001:db8::/64", "004020010db8000000000000000000000000")]
    [InlineData("Framed-Interface-Id", "0:0:0:1", "0000000000000001")]
    [InlineData("Tunnel-Type", "0x0000000d", "0000000d")]
    [InlineData("Huawei-Qos-Profile-Name", "gold", "676f6c64")]
    public void A_value_is_read_by_the_attributes_kind(string name, string value, string octets)
    {
        Assert.Empty(ReplyRules.FaultsIn([new ReplyDraft(name, value)]));
        Assert.Equal(octets, Convert.ToHexStringLower(ReplyValue.Encode(AttributeCatalogue.Find(name)!, value)!));
    }

    [Theory]
    [InlineData("Framed-MTU", "large")]
    [InlineData("Framed-MTU", "-1")]
    [InlineData("Framed-MTU", "4294967296")]
    [InlineData("Framed-IP-Netmask", "255.255")]
    [InlineData("Framed-IPv6-Prefix", "2001:db8::1/64")]
    [InlineData("Framed-Interface-Id", "1")]
    [InlineData("Tunnel-Type", "0xabc")]
    [InlineData("Filter-Id", "")]
    [InlineData("Filter-Id", "two\nlines")]
    public void A_value_of_another_kind_is_refused(string name, string value)
        => Assert.Equal([new ReplyFault(0, ReplyFaultKind.Value)], ReplyRules.FaultsIn([new ReplyDraft(name, value)]));

    [Theory]
    [InlineData("Message-Authenticator", ReplyFaultKind.Guarded)]
    [InlineData("Class", ReplyFaultKind.Guarded)]
    [InlineData("State", ReplyFaultKind.Guarded)]
    [InlineData("Proxy-State", ReplyFaultKind.Guarded)]
    [InlineData("User-Password", ReplyFaultKind.Guarded)]
    [InlineData("Tunnel-Password", ReplyFaultKind.Guarded)]
    [InlineData("MS-MPPE-Send-Key", ReplyFaultKind.Guarded)]
    [InlineData("MS-MPPE-Encryption-Policy", ReplyFaultKind.Guarded)]
    [InlineData("Vendor-Specific", ReplyFaultKind.Guarded)]
    [InlineData("Mikrotik-Rate-Limit", ReplyFaultKind.Computed)]
    [InlineData("Session-Timeout", ReplyFaultKind.Computed)]
    [InlineData("Framed-Pool", ReplyFaultKind.Computed)]
    [InlineData("User-Name", ReplyFaultKind.NotOfAnAccept)]
    [InlineData("Acct-Session-Id", ReplyFaultKind.NotOfAnAccept)]
    [InlineData("Acct-Interim-Interval", ReplyFaultKind.Computed)]
    [InlineData("No-Such-Thing", ReplyFaultKind.Unknown)]
    public void What_we_compute_what_guards_a_packet_and_what_we_do_not_know_is_refused(string name, ReplyFaultKind kind)
        => Assert.Equal([new ReplyFault(0, kind)], ReplyRules.FaultsIn([new ReplyDraft(name, "1")]));

    [Fact]
    public void All_of_one_owner_fit_into_a_packet_beside_our_own()
    {
        var long200 = new ReplyDraft("Filter-Id", new string('a', 200));

        Assert.Empty(ReplyRules.FaultsIn([long200, long200, long200, long200]));
        Assert.Equal([new ReplyFault(4, ReplyFaultKind.TooLong)], ReplyRules.FaultsIn([long200, long200, long200, long200, long200]));
        Assert.Equal([new ReplyFault(20, ReplyFaultKind.TooMany)], ReplyRules.FaultsIn([.. Enumerable.Repeat(new ReplyDraft("Framed-MTU", "1480"), 21)]));
        Assert.Equal([new ReplyFault(0, ReplyFaultKind.Value)], ReplyRules.FaultsIn([new ReplyDraft("Huawei-Policy-Name", new string('a', 248))]));
    }

    [Fact]
    public void The_list_to_choose_from_offers_nothing_that_is_refused()
    {
        Assert.Contains(AttributeCatalogue.Addable, attribute => attribute.Name == "Filter-Id");
        Assert.DoesNotContain(AttributeCatalogue.Addable, attribute => ReplyRules.WhyNot(attribute) is not null);
    }
}
