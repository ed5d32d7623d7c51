using System.Net;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>reference/radius.md, case 14: one NAS is one key, by whichever socket it comes.</summary>
public sealed class PeerEndpointTests
{
    [Theory]
    [InlineData("10.255.0.2", 49152)]
    [InlineData("0.0.0.0", 1)]
    [InlineData("2001:db8::7", 65535)]
    [InlineData("::1", 1812)]
    public void An_address_comes_back_as_it_was(string address, int port)
    {
        var source = PeerEndpoint.From(new IPEndPoint(IPAddress.Parse(address), port));

        Assert.Equal(IPAddress.Parse(address), source.ToIPAddress());
        Assert.Equal(port, source.Port);
    }

    [Fact]
    public void Ipv4_is_the_same_through_a_dual_stack_socket()
        => Assert.Equal(
            PeerEndpoint.From(new IPEndPoint(IPAddress.Parse("10.255.0.2"), 5000)),
            PeerEndpoint.From(new IPEndPoint(IPAddress.Parse("::ffff:10.255.0.2"), 5000)));

    [Fact]
    public void One_link_local_address_on_two_links_is_two_peers()
        => Assert.NotEqual(
            PeerEndpoint.From(new IPEndPoint(IPAddress.Parse("fe80::1%2"), 5000)),
            PeerEndpoint.From(new IPEndPoint(IPAddress.Parse("fe80::1%3"), 5000)));
}
