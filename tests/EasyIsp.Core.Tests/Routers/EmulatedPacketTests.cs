using System.Net;
using EasyIsp.Emulators.Routers.Hotspot;
using EasyIsp.Emulators.Routers.Radius;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>The emulator's packets are, byte for byte, those of mikrotik.md 4.11.</summary>
public sealed class EmulatedPacketTests
{
    private const string Secret = "testing123";

    private static readonly RadiusCall Pppoe = new(
        new NasIdentity("MikroTik", IPAddress.Parse("10.255.0.2"), "pppoe-isp", "bridge-pppoe"),
        "0712345678",
        "48:8F:5A:11:22:33",
        "81000001",
        0x00F00001);

    private static readonly RadiusCall Hotspot = new(
        new NasIdentity("MikroTik", IPAddress.Parse("10.255.0.2"), "hotspot1", "bridge-hs", "http://10.5.88.1/logout"),
        "voucher1",
        "BC:24:11:EB:56:4D",
        "80100014",
        0x80100014,
        IPAddress.Parse("10.5.88.20"),
        IPAddress.Parse("10.5.88.20"));

    [Fact]
    public void A_pppoe_request_by_chap_is_the_vector()
        => Assert.Equal(
            Bytes("""
                01 2a 00 b5 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 06 06 00 00 00 02 07 06 00 00 00 01
                05 06 00 f0 00 01 3d 06 00 00 00 0f 01 0c 30 37 31 32 33 34 35 36 37 38 1f 13 34 38 3a 38 46 3a
                35 41 3a 31 31 3a 32 32 3a 33 33 1e 0b 70 70 70 6f 65 2d 69 73 70 57 0e 62 72 69 64 67 65 2d 70
                70 70 6f 65 2c 0a 38 31 30 30 30 30 30 31 3c 12 80 14 3b 41 e8 d1 ef 96 ca ac 6e 68 c7 10 aa 23
                03 13 01 f4 11 84 51 85 c6 aa 14 2a cf 95 af a9 d3 b5 67 20 0a 4d 69 6b 72 6f 54 69 6b 04 06 0a
                ff 00 02 50 12 0c 02 2a 0f 35 91 aa 5d 01 4d b1 65 92 7d 62 55
                """),
            AccessRequests.Pppoe(
                Request(42, 0x00),
                Pppoe,
                PasswordProof.ByChap("hello123", 1, Bytes("80 14 3b 41 e8 d1 ef 96 ca ac 6e 68 c7 10 aa 23")),
                sign: true));

    [Fact]
    public void Its_pap_variant_hides_the_password_as_the_vector_does()
    {
        var packet = RadiusPacket.TryParse(AccessRequests.Pppoe(Request(42, 0x00), Pppoe, new PapProof("hello123"), sign: false))!;

        Assert.Equal(Bytes("fe 8b 65 a6 1b cc 48 29 10 46 07 24 00 14 82 8b"), Assert.Single(packet.All(Attr.UserPassword)));
        Assert.False(packet.Has(Attr.MessageAuthenticator));
    }

    [Fact]
    public void Ms_chap_v2_is_the_vector_of_rfc_2759_and_believes_its_answer_alone()
    {
        var proof = new MsChap2Proof(
            @"SAVANNA\User", "clientPass", 0x2A, Bytes("5b5d7c7d7b3f2f3e3c2c602132262628"), Bytes("21402324255e262a28295f2b3a337c7e"));
        var request = RadiusPacket.TryParse(AccessRequests.Pppoe(Request(42, 0x00), Pppoe, proof, sign: true))!;

        Assert.Equal(
            Bytes("2a00 21402324255e262a28295f2b3a337c7e 0000000000000000 82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df"),
            Assert.Single(request.AllOfVendor(Vendor.Microsoft, Vendor.MsChap2Response)));
        Assert.True(proof.Believes(Accept("*S=407A5589115FD0D6209F510FE9C04566932CDA56")));
        Assert.False(proof.Believes(Accept("+S=407A5589115FD0D6209F510FE9C04566932CDA56")));
        Assert.False(proof.Believes(Accept("*S=407a5589115fd0d6209f510fe9c04566932cda56")));
        Assert.False(proof.Believes(Accept("*S=407A5589115FD0D6209F510FE9C04566932CDA56 M=x")));
        Assert.False(proof.Believes(RadiusPacket.TryParse(new RadiusWriter(Code.AccessAccept, 1, Secret).FinishReply(new byte[16]))!));

        static RadiusPacket Accept(string success) => RadiusPacket.TryParse(new RadiusWriter(Code.AccessAccept, 1, Secret)
            .VendorBytes(Vendor.Microsoft, Vendor.MsChap2Success, System.Text.Encoding.ASCII.GetBytes(success))
            .FinishReply(new byte[16]))!;
    }

    [Fact]
    public void A_hotspot_request_by_chap_is_the_vector()
        => Assert.Equal(
            Bytes("""
                01 07 00 da a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af 3d 06 00 00 00 13 1f 13 42 43 3a 32
                34 3a 31 31 3a 45 42 3a 35 36 3a 34 44 1e 0a 68 6f 74 73 70 6f 74 31 57 0b 62 72 69 64 67 65 2d
                68 73 01 0a 76 6f 75 63 68 65 72 31 05 06 80 10 00 14 2c 0a 38 30 31 30 30 30 31 34 08 06 0a 05
                58 14 1a 0c 00 00 3a 8c 0a 06 0a 05 58 14 3c 12 ef 0d d8 0b 11 9c 65 a5 c3 ab 62 a6 5b 7d fd ce
                03 13 f9 7c af 5a a9 3e 7d 4d 6c f2 28 77 a9 4e e0 da 32 06 06 00 00 00 01 1a 1f 00 00 37 2a 03
                19 68 74 74 70 3a 2f 2f 31 30 2e 35 2e 38 38 2e 31 2f 6c 6f 67 6f 75 74 20 0a 4d 69 6b 72 6f 54
                69 6b 04 06 0a ff 00 02 50 12 b2 56 0e 5e b3 a5 19 b0 ed 39 e7 3e f0 05 dc f6
                """),
            AccessRequests.Hotspot(
                Request(7, 0xA0),
                Hotspot,
                PasswordProof.ByChap("voucher1", 0xF9, Bytes("ef 0d d8 0b 11 9c 65 a5 c3 ab 62 a6 5b 7d fd ce")),
                sign: true));

    [Fact]
    public void Its_accounting_start_is_the_vector()
        => Assert.Equal(
            Bytes("""
                04 08 00 90 3e 22 a5 0e 94 db 0c 0a eb 81 23 22 5f ec 71 1e 28 06 00 00 00 01 3d 06 00 00 00 13
                1f 13 42 43 3a 32 34 3a 31 31 3a 45 42 3a 35 36 3a 34 44 1e 0a 68 6f 74 73 70 6f 74 31 57 0b 62
                72 69 64 67 65 2d 68 73 01 0a 76 6f 75 63 68 65 72 31 05 06 80 10 00 14 2c 0a 38 30 31 30 30 30
                31 34 08 06 0a 05 58 14 1a 0c 00 00 3a 8c 0a 06 0a 05 58 14 37 06 68 e7 78 00 20 0a 4d 69 6b 72
                6f 54 69 6b 29 06 00 00 00 00 04 06 0a ff 00 02
                """),
            AccountingRequests.Hotspot(
                new RadiusWriter(Code.AccountingRequest, 8, Secret),
                Hotspot,
                new AcctRecord(AcctStatus.Start, DateTimeOffset.FromUnixTimeSeconds(0x68E77800), [])));

    [Fact]
    public void The_response_of_the_vector_is_genuine_and_a_changed_one_is_not()
    {
        var request = Bytes("3e 22 a5 0e 94 db 0c 0a eb 81 23 22 5f ec 71 1e");
        var response = Bytes("05 08 00 14 50 dd 39 22 98 8f c5 73 26 e7 17 6b 25 aa d4 73");

        Assert.True(RadiusPacket.TryParse(response)!.IsReplyTo(request, Secret));
        response[1]++;
        Assert.False(RadiusPacket.TryParse(response)!.IsReplyTo(request, Secret));
    }

    [Fact]
    public void The_accept_of_the_vector_is_read()
    {
        var accept = RadiusPacket.TryParse(Bytes("""
            02 2a 00 45 3e 73 d2 a1 84 41 4f 3f 66 25 2f 99 a1 ed eb a6 50 12 8d 8c c4 63 67 82 49 bc ab 30
            f6 2d c1 e4 a5 8b 1a 0d 00 00 3a 8c 08 07 32 4d 2f 35 4d 1b 06 00 01 51 80 55 06 00 00 01 2c 08
            06 0a 14 00 0f
            """))!;
        var authenticator = Series(0x00);

        Assert.True(accept.IsReplyTo(authenticator, Secret));
        Assert.True(accept.HasValidMessageAuthenticator(authenticator, Secret));
        Assert.Equal("2M/5M", Assert.Single(accept.MikrotikTexts(Vendor.RateLimit)));
        Assert.Equal(86400u, accept.Number(Attr.SessionTimeout));
        Assert.Equal(IPAddress.Parse("10.20.0.15"), accept.Address(Attr.FramedIpAddress));
    }

    [Fact]
    public void Orders_are_answered_with_the_bytes_of_the_vectors()
    {
        var order = RadiusPacket.TryParse(Bytes("""
            2b 09 00 3b ac 6e 1f a2 e4 9b 1b 79 0f 33 8f bb 24 25 8f 1a 01 0a 76 6f 75 63 68 65 72 31 08 06
            0a 05 58 14 2c 0a 38 30 31 30 30 30 31 34 1a 0d 00 00 3a 8c 08 07 31 4d 2f 33 4d
            """))!;

        Assert.True(order.IsDigestRequest(Secret));
        Assert.Equal(
            Bytes("2c 09 00 1e c2 cd 98 7f 31 bd 4c 64 bd d3 8a 8c c0 fa 4f 35 20 0a 4d 69 6b 72 6f 54 69 6b"),
            DynamicAuthorizationListener.Reply(order, errorCause: null, "MikroTik", Secret));
        Assert.Equal(
            Bytes("2d 09 00 24 21 ba b7 2a 1c ca 0b 2e 0f 58 8e a1 a0 05 2e 15 65 06 00 00 01 f7 20 0a 4d 69 6b 72 6f 54 69 6b"),
            DynamicAuthorizationListener.Reply(order, errorCause: 503, "MikroTik", Secret));
    }

    [Fact]
    public void The_disconnect_request_of_the_vector_is_genuine()
        => Assert.True(RadiusPacket.TryParse(Bytes("""
            28 0a 00 2e 6b 5c 6a fb 00 96 4c 2e 8e 6f 74 d5 b8 3c d4 8e 01 0a 76 6f 75 63 68 65 72 31 08 06
            0a 05 58 14 2c 0a 38 30 31 30 30 30 31 34
            """))!.IsDigestRequest(Secret));

    [Fact]
    public void A_login_by_mac_answers_the_captured_challenge_with_an_empty_password()
        => Assert.Equal(
            "DF3F469E0AB5CFDBB479028D1FC5608E",
            Convert.ToHexString(((ChapProof)PasswordProof.ByChap("", 0xE9, Bytes("9d27d80d8362400018ae691cfb2d99c6"))).Response));

    [Fact]
    public void A_login_page_shows_the_challenge_in_octal()
        => Assert.Equal(@"\371\015\000", ChapChallenge.Octal([0xF9, 0x0D, 0x00]));

    [Theory]
    [InlineData("0a")]
    [InlineData("02 2a 00 17 00000000000000000000000000000000 1b 06 00")]
    [InlineData("02 2a 00 16 00000000000000000000000000000000 1b 01")]
    public void Lengths_that_do_not_add_up_make_no_packet(string hex) => Assert.Null(RadiusPacket.TryParse(Bytes(hex)));

    private static RadiusWriter Request(byte identifier, byte first)
        => new RadiusWriter(Code.AccessRequest, identifier, Secret).Random(Series(first));

    private static byte[] Series(byte first) => [.. Enumerable.Range(first, 16).Select(i => (byte)i)];

    private static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));
}
