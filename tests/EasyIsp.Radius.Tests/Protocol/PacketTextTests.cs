using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>Packets for people, and the dictionary behind; reference/radius.md, case 78.</summary>
public sealed class PacketTextTests
{
    [Fact]
    public void A_login_is_told_by_names_and_without_its_password()
        => Assert.Equal(
            """
            Access-Request, identifier 7, 218 octets
              NAS-Port-Type = Wireless-802.11 (19)
              Calling-Station-Id = "BC:24:11:EB:56:4D"
              Called-Station-Id = "hotspot1"
              NAS-Port-Id = "bridge-hs"
              User-Name = "voucher1"
              NAS-Port = 2148532244
              Acct-Session-Id = "80100014"
              Framed-IP-Address = 10.5.88.20
              Mikrotik-Host-IP = 10.5.88.20
              CHAP-Challenge = 0xef0dd80b119c65a5c3ab62a65b7dfdce
              CHAP-Password = (17 octets)
              Service-Type = Login (1)
              WISPr-Logoff-URL = "http://10.5.88.1/logout"
              NAS-Identifier = "MikroTik"
              NAS-IP-Address = 10.255.0.2
              Message-Authenticator = (16 octets)
            """,
            PacketText.Of(Wire.Read(MikrotikVectors.HotspotChapRequest)));

    [Fact]
    public void An_order_and_its_refusal_are_told_too()
    {
        Assert.Contains("\n  Mikrotik-Rate-Limit = \"1M/3M\"", PacketText.Of(Wire.Read(MikrotikVectors.CoaRequest)), StringComparison.Ordinal);
        Assert.Contains("\n  Error-Cause = Session-Context-Not-Found (503)", PacketText.Of(Wire.Read(MikrotikVectors.CoaNak)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c80461ff", "Attribute 200 = 0x61ff")]
    [InlineData("0403ff", "NAS-IP-Address = 0xff")]
    [InlineData("0606000000ff", "Service-Type = 255")]
    [InlineData("01040d0a", """User-Name = "\x0D\x0A" """)]
    [InlineData("2902", "Acct-Delay-Time = 0x")]
    [InlineData("1a0a0000ffff01046162", "Vendor 65535 attribute 1 = 0x6162")]
    [InlineData("1a0a00003a8cc8046162", "Vendor Mikrotik attribute 200 = 0x6162")]
    [InlineData("1a0a00003a8c08036162", "Vendor-Specific = 0x00003a8c08036162")]
    [InlineData("1a0600003a8c", "Vendor-Specific = 0x00003a8c")]
    [InlineData("1a0c00000009010666693d31", "Cisco-AVPair = \"fi=1\"")]
    [InlineData("1a12000007db0206001000000506 00200000", "Huawei-Output-Average-Rate = 2097152")]
    [InlineData("1a100000a09801 0a0000000100000000", "UBNT-Data-Rate-DL = 4294967296")]
    [InlineData("1a0c000045311a06000003e8", "Cambium-ePMP-Max-Burst-Uplink-Rate = 1000")]
    [InlineData("3706698b2a00", "Event-Timestamp = 2026-02-10 12:52:16Z")]
    [InlineData("61140040 20010db8000000010000000000000000", "Framed-IPv6-Prefix = 2001:db8:0:1::/64")]
    [InlineData("600a021122fffe334455", "Framed-Interface-Id = 0211:22ff:fe33:4455")]
    [InlineData("a81220010db8000000000000000000000007", "Framed-IPv6-Address = 2001:db8::7")]
    [InlineData("ab08686f6d653634", "Delegated-IPv6-Prefix-Pool = \"home64\"")]
    public void Every_attribute_is_told_by_its_kind_or_in_hexadecimal(string attribute, string expected)
        => Assert.EndsWith("\n  " + expected.TrimEnd(), PacketText.Of(Wire.Read(Wire.Packet(PacketCode.AccessRequest, attribute))), StringComparison.Ordinal);

    [Theory]
    [InlineData("0212fe8b65a61bcc4829104607240014828b")]
    [InlineData("0313f900112233445566778899aabbccddeeff")]
    [InlineData("1a1200003a8c100c7369726920796574752e")]
    [InlineData("4f070200000501")]
    [InlineData("1a0c00000137100680017369")]
    public void What_must_not_be_read_is_told_by_its_length_alone(string attribute)
    {
        var text = PacketText.Of(Wire.Read(Wire.Packet(PacketCode.AccessRequest, attribute)));

        Assert.EndsWith(" octets)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0x", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_without_a_name_is_a_number()
        => Assert.StartsWith("Code 13, ", PacketText.Of(Wire.Read(Wire.Packet((PacketCode)13))), StringComparison.Ordinal);

    [Fact]
    public void The_dictionary_knows_every_attribute_that_the_code_names()
    {
        Assert.All(Enum.GetValues<AttributeType>(), type => Assert.NotNull(AttributeDictionary.Find(type)));
        Assert.All(Enum.GetValues<MikrotikAttribute>(), type => Assert.NotNull(AttributeDictionary.Find(VendorId.Mikrotik, (uint)type)));
        Assert.Null(AttributeDictionary.Find(VendorId.Mikrotik, 250));
        Assert.Null(AttributeDictionary.Find((VendorId)1, 1));
    }
}
