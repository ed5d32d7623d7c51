using System.Net;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>RFC 3162, 4818 and 6911; reference/radius.md, cases 4 and 52.</summary>
public sealed class IPv6AttributeTests
{
    private readonly byte[] _buffer = new byte[256];

    [Fact]
    public void Addresses_prefixes_interfaces_and_pools_come_back_as_they_were_written()
    {
        var writer = PacketWriter.AccessRequest(_buffer, PacketCode.AccessRequest, 1, Wire.Authenticator);
        writer.AddIPv6(AttributeType.NasIPv6Address, IPAddress.Parse("2001:db8::7"));
        writer.AddIPv6(AttributeType.FramedIPv6Address, IPAddress.Parse("2001:db8:1::9"));
        writer.AddIPv6Prefix(AttributeType.FramedIPv6Prefix, IPNetwork.Parse("2001:db8:0:1::/64"));
        writer.AddIPv6Prefix(AttributeType.DelegatedIPv6Prefix, IPNetwork.Parse("2001:db8:ff00::/56"));
        writer.AddInterfaceId(AttributeType.FramedInterfaceId, 0x021122FFFE334455);
        writer.AddText(AttributeType.FramedIPv6Pool, "home");
        writer.AddText(AttributeType.DelegatedIPv6PrefixPool, "homes");
        var packet = Wire.Read(writer.Sign(Wire.Secret));

        Assert.True(packet.TryGetIPv6(AttributeType.NasIPv6Address, out var nas));
        Assert.Equal(IPAddress.Parse("2001:db8::7"), nas);
        Assert.True(packet.TryGetIPv6(AttributeType.FramedIPv6Address, out var address));
        Assert.Equal(IPAddress.Parse("2001:db8:1::9"), address);
        Assert.True(packet.TryGetIPv6Prefix(AttributeType.FramedIPv6Prefix, out var framed));
        Assert.Equal(IPNetwork.Parse("2001:db8:0:1::/64"), framed);
        Assert.True(packet.TryGetIPv6Prefix(AttributeType.DelegatedIPv6Prefix, out var @delegate));
        Assert.Equal(IPNetwork.Parse("2001:db8:ff00::/56"), @delegate);
        Assert.True(packet.TryGetInterfaceId(AttributeType.FramedInterfaceId, out var id));
        Assert.Equal(0x021122FFFE334455UL, id);
        Assert.Equal("home", WireText.Read(packet, AttributeType.FramedIPv6Pool));
        Assert.Equal("homes", WireText.Read(packet, AttributeType.DelegatedIPv6PrefixPool));
    }

    [Fact]
    public void A_prefix_is_written_with_its_reserved_octet_its_length_and_zeros_behind_it()
    {
        var writer = PacketWriter.AccessRequest(_buffer, PacketCode.AccessRequest, 1, Wire.Authenticator);
        writer.AddIPv6Prefix(AttributeType.DelegatedIPv6Prefix, IPNetwork.Parse("2001:db8:ff00::/56"));

        Assert.True(Wire.Read(writer.Sign(Wire.Secret)).TryGet(AttributeType.DelegatedIPv6Prefix, out var value));
        Assert.Equal(Wire.Hex("0038 20010db8ff0000000000000000000000"), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20010db8")]
    [InlineData("20010db80000000000000000000000")]
    [InlineData("20010db800000000000000000000000700")]
    public void A_value_of_another_size_is_no_address(string value)
    {
        var packet = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest,
            Wire.Attribute(AttributeType.NasIPv6Address, value),
            Wire.Attribute(AttributeType.FramedInterfaceId, value)));

        Assert.False(packet.TryGetIPv6(AttributeType.NasIPv6Address, out _));
        Assert.False(packet.TryGetInterfaceId(AttributeType.FramedInterfaceId, out _));
    }

    [Fact]
    public void An_ipv4_address_does_not_pass_for_an_ipv6_address()
    {
        Assert.Throws<ArgumentException>(() => Request().AddIPv6(AttributeType.NasIPv6Address, IPAddress.Loopback));
        Assert.Throws<ArgumentException>(() => Request().AddIPv6Prefix(AttributeType.FramedIPv6Prefix, IPNetwork.Parse("10.0.0.0/8")));

        PacketWriter Request() => PacketWriter.AccessRequest(_buffer, PacketCode.AccessRequest, 1, Wire.Authenticator);
    }
}
