using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, case 7.</summary>
public sealed class VendorAttributeTests
{
    private const string Mikrotik = "00003a8c";

    [Fact]
    public void Several_in_one_attribute_and_split_over_several_are_all_found()
    {
        var found = Find(
            VendorId.Mikrotik,
            Mikrotik + "0804" + "6162" + "0303" + "63",
            "00000137" + "0103" + "7a",
            Mikrotik + "1306" + "00000001");

        Assert.Equal(["8=6162", "3=63", "19=00000001"], found);
    }

    [Theory]
    [InlineData("00003a")]
    [InlineData("")]
    [InlineData(Mikrotik + "0800")]
    [InlineData(Mikrotik + "0801")]
    [InlineData(Mikrotik + "080561")]
    [InlineData(Mikrotik + "08")]
    [InlineData(Mikrotik + "0803610300")]
    public void A_badly_framed_one_stays_raw_and_the_others_are_found(string bad)
    {
        var packet = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest,
            Wire.Attribute(AttributeType.VendorSpecific, bad),
            Wire.Attribute(AttributeType.VendorSpecific, Mikrotik + "030363")));

        Assert.Equal(["3=63"], Find(packet, VendorId.Mikrotik));
        Assert.True(packet.TryGet(AttributeType.VendorSpecific, out var raw));
        Assert.Equal(Convert.FromHexString(bad), raw);
    }

    [Fact]
    public void Vendors_with_wider_types_and_lengths_are_read_by_their_own_format()
    {
        Assert.Equal(["258=61", "3=6263"], Find(VendorId.Lucent, "000012ee" + "01020461" + "0003056263"));
        Assert.Equal(["258=61", "3="], Find(VendorId.Starent, "00001fe4" + "0102000561" + "00030004"));
        Assert.Equal(["39016=616263"], Find(VendorId.Usr, "000001ad" + "00009868" + "616263"));
    }

    [Theory]
    [InlineData(VendorId.Lucent, "000012ee" + "010202")]
    [InlineData(VendorId.Starent, "00001fe4" + "0102000661")]
    [InlineData(VendorId.Starent, "00001fe4" + "010200")]
    [InlineData(VendorId.Usr, "000001ad" + "000098")]
    internal void And_their_bad_framing_is_noticed_too(VendorId vendor, string value) => Assert.Empty(Find(vendor, value));

    private static List<string> Find(VendorId vendor, params string[] values)
        => Find(
            Wire.Read(Wire.Packet(
                PacketCode.AccessRequest,
                [.. values.Select(value => Wire.Attribute(AttributeType.VendorSpecific, value))])),
            vendor);

    private static List<string> Find(in RadiusPacket packet, VendorId vendor)
    {
        var found = new List<string>();
        foreach (var attribute in packet.VendorAttributes(vendor))
            found.Add($"{attribute.Type}={Convert.ToHexStringLower(attribute.Value)}");
        return found;
    }
}
