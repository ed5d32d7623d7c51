using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, case 39.</summary>
public sealed class ChapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(253)]
    public void A_challenge_of_any_length_is_answered(int length)
    {
        var challenge = new byte[length];
        Array.Fill(challenge, (byte)0xC5);

        var request = Wire.Read(Login(challenge, challenge));

        Assert.True(Chap.Verify(request, "siri"u8));
        Assert.False(Chap.Verify(request, "Siri"u8));
    }

    [Fact]
    public void Without_a_challenge_the_request_authenticator_is_it()
        => Assert.True(Chap.Verify(Wire.Read(Login(Wire.Authenticator, attribute: null)), "siri"u8));

    [Fact]
    public void An_empty_challenge_is_none_and_does_not_fall_back_to_the_authenticator()
    {
        Assert.False(Chap.Verify(Wire.Read(Login([], attribute: [])), "siri"u8));
        Assert.False(Chap.Verify(Wire.Read(Login(Wire.Authenticator, attribute: [])), "siri"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("00112233445566778899aabbccddeeff")]
    [InlineData("00112233445566778899aabbccddeeff0011")]
    public void A_response_that_is_not_17_octets_is_refused(string response)
        => Assert.False(Chap.Verify(
            Wire.Read(Wire.Packet(PacketCode.AccessRequest, Wire.Attribute(AttributeType.ChapPassword, response))),
            ""u8));

    [Fact]
    public void No_response_is_refused() => Assert.False(Chap.Verify(Wire.Read(Wire.Packet(PacketCode.AccessRequest)), ""u8));

    private static byte[] Login(byte[] challenge, byte[]? attribute)
    {
        var response = new byte[Chap.ResponseSize];
        response[0] = 7;
        Chap.Respond(response[0], "siri"u8, challenge, response.AsSpan(1));
        return Wire.Packet(
            PacketCode.AccessRequest,
            Wire.Attribute(AttributeType.ChapPassword, Convert.ToHexString(response)),
            attribute is null ? "" : Wire.Attribute(AttributeType.ChapChallenge, Convert.ToHexString(attribute)));
    }
}
