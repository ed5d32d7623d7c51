using System.Net;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, cases 1 to 5, 8 and 9.</summary>
public sealed class PacketFramingTests
{
    [Theory]
    [InlineData("", PacketFault.ShorterThanHeader)]
    [InlineData("01000014000000000000000000000000000000", PacketFault.ShorterThanHeader)]
    [InlineData("0100001300000000000000000000000000000000", PacketFault.LengthOutOfRange)]
    [InlineData("0100100100000000000000000000000000000000", PacketFault.LengthOutOfRange)]
    [InlineData("0100001500000000000000000000000000000000", PacketFault.Truncated)]
    internal void What_is_no_packet_is_refused_with_its_reason(string hex, PacketFault fault)
        => Assert.Equal(fault, Wire.FaultOf(Convert.FromHexString(hex)));

    [Fact]
    public void Padding_behind_the_stated_length_is_ignored_and_takes_no_part_in_any_digest()
    {
        byte[] padded = [.. MikrotikVectors.AccountingStart, 0xFF, 0x00, 0xFF];

        var request = Wire.Read(padded);

        Assert.Equal(MikrotikVectors.AccountingStart.Length, request.Octets.Length);
        Assert.True(RequestAuthenticator.Verify(request, Wire.Secret));
    }

    [Theory]
    [InlineData("0100", PacketFault.AttributeTooShort)]
    [InlineData("0101", PacketFault.AttributeTooShort)]
    [InlineData("010361" + "0100", PacketFault.AttributeTooShort)]
    [InlineData("010461", PacketFault.AttributeOverrun)]
    [InlineData("01ff61", PacketFault.AttributeOverrun)]
    [InlineData("010361" + "02", PacketFault.AttributeOverrun)]
    internal void Bad_attribute_framing_refuses_the_whole_packet(string attributes, PacketFault fault)
    {
        Assert.Equal(fault, Wire.FaultOf(Wire.Packet(PacketCode.AccessRequest, attributes)));
        Assert.Equal(fault, Wire.FaultOf(Wire.Packet(PacketCode.AccountingRequest, attributes)));
    }

    [Theory]
    [InlineData("0a0001")]
    [InlineData("0a00000001")]
    [InlineData("")]
    public void A_value_of_the_wrong_size_is_treated_as_unknown(string value)
    {
        var packet = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest,
            Wire.Attribute(AttributeType.NasIPAddress, value),
            Wire.Attribute(AttributeType.NasPort, value),
            Wire.Attribute(AttributeType.UserName, "616c69")));

        Assert.False(packet.TryGetIPv4(AttributeType.NasIPAddress, out _));
        Assert.False(packet.TryGetUInt32(AttributeType.NasPort, out _));
        Assert.True(packet.TryGet(AttributeType.UserName, out var name));
        Assert.Equal("ali"u8, name);
    }

    [Theory]
    [InlineData("004020010db800000001", "2001:db8:0:1::/64")]
    [InlineData("0000", "::/0")]
    [InlineData("003020010db80000", "2001:db8::/48")]
    [InlineData("004020010db8000000", null)] // seven octets for 64 bits
    [InlineData("008120010db8000000000000000000000001", null)] // 129 bits
    [InlineData("002020010db80001", null)] // a bit set behind its length
    [InlineData("00", null)]
    [InlineData("008020010db800000000000000000000000100", null)] // nineteen octets
    public void An_ipv6_prefix_is_read_only_when_it_is_one(string value, string? expected)
    {
        var packet = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest, Wire.Attribute(AttributeType.FramedIPv6Prefix, value)));

        Assert.Equal(expected is not null, packet.TryGetIPv6Prefix(AttributeType.FramedIPv6Prefix, out var prefix));
        if (expected is not null)
            Assert.Equal(IPNetwork.Parse(expected), prefix);
    }

    [Fact]
    public void Unknown_types_extended_types_and_unknown_vendors_are_passed_over()
    {
        var packet = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest, "c80461ff", "ff0361", "f1060102030 4", "1a0a0000ffff01046162", "010561 6c69"));

        Assert.True(packet.TryGet(AttributeType.UserName, out var name));
        Assert.Equal("ali"u8, name);
    }

    [Fact]
    public void Two_hundred_attributes_are_read_and_one_more_is_refused()
    {
        var attributes = Enumerable.Repeat("0102", RadiusPacket.MaxAttributes).ToArray();

        Assert.Equal(PacketFault.None, Wire.FaultOf(Wire.Packet(PacketCode.AccessRequest, attributes)));
        Assert.Equal(
            PacketFault.TooManyAttributes,
            Wire.FaultOf(Wire.Packet(PacketCode.AccessRequest, [.. attributes, "0102"])));
    }

    [Fact]
    public void The_largest_packet_full_of_the_smallest_attributes_is_refused()
        => Assert.Equal(
            PacketFault.TooManyAttributes,
            Wire.FaultOf(Wire.Packet(PacketCode.AccessRequest, [.. Enumerable.Repeat("0102", 2038)])));

    [Fact]
    public void The_longest_and_the_empty_value_are_ordinary_values()
    {
        var packet = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest,
            Wire.Attribute(AttributeType.UserName, new string('6', 2 * RadiusAttribute.MaxValueSize)),
            Wire.Attribute(AttributeType.Class, "")));

        Assert.True(packet.TryGet(AttributeType.UserName, out var name));
        Assert.Equal(RadiusAttribute.MaxValueSize, name.Length);
        Assert.True(packet.TryGet(AttributeType.Class, out var empty));
        Assert.True(empty.IsEmpty);
    }

    [Fact]
    public void The_first_of_several_is_given_alone_and_all_in_order()
    {
        var packet = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest, "190361", "010378", "190362", "190363"));
        var all = new List<byte>();

        foreach (var attribute in packet.All(AttributeType.Class))
            all.AddRange(attribute.Value);

        Assert.Equal("abc"u8, all.ToArray());
        Assert.True(packet.TryGet(AttributeType.Class, out var first));
        Assert.Equal("a"u8, first);
    }

    [Fact]
    public void An_authenticator_of_zeros_is_noticed()
    {
        Assert.False(Wire.Read(MikrotikVectors.PppoeChapRequest).HasZeroAuthenticator);
        Assert.True(Wire.Read(Wire.Hex("0100001400000000000000000000000000000000")).HasZeroAuthenticator);
    }
}
