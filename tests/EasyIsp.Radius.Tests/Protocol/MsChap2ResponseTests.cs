using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>MS-CHAPv2 inside packets (RFC 2548); reference/radius.md, cases 42 to 44.</summary>
public sealed class MsChap2ResponseTests
{
    private static readonly NtHash Password = NtHash.Of(MsChapVectors.Password);

    private readonly byte[] _buffer = new byte[RadiusPacket.MaxSize];

    [Fact]
    public void The_example_of_the_rfc_is_proved_from_its_packet()
    {
        Assert.True(MsChap2Response.TryRead(Wire.Read(MsChapVectors.Request()), out var response));

        Assert.True(response.Proves(Password));
        Assert.False(response.Proves(NtHash.Of("clientPasS")));
    }

    [Theory]
    [InlineData("2a00", null)]
    [InlineData("", null)]
    [InlineData("2a002140232425", null)]
    [InlineData(null, "5b5d7c7d")]
    [InlineData(null, "")]
    [InlineData(null, "5b5d7c7d7b3f2f3e3c2c60213226262800")]
    public void A_response_or_challenge_of_another_size_proves_nothing(string? response, string? challenge)
        => Assert.False(MsChap2Response.TryRead(Wire.Read(MsChapVectors.Request(response: response, challenge: challenge)), out _));

    [Fact]
    public void Without_a_user_name_there_is_nothing_to_prove()
    {
        var nameless = MsChapVectors.Request().AsSpan().ToArray();
        nameless[RadiusPacket.HeaderSize] = 200;

        Assert.False(MsChap2Response.TryRead(Wire.Read(nameless), out _));
    }

    [Fact]
    public void Success_is_the_identifier_and_forty_two_octets()
    {
        var reply = Accept();

        Assert.True(reply.TryGet(MicrosoftAttribute.Chap2Success, out var success));
        Assert.Equal(MsChapVectors.Identifier, success[0]);
        Assert.Equal(MsChapVectors.AuthenticatorResponse, Encoding.ASCII.GetString(success[1..]));
    }

    [Fact]
    public void The_keys_are_those_of_rfc_3079_under_two_marked_salts_that_are_fresh_in_each_packet()
    {
        var salts = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var reply = Accept();
            Assert.True(reply.TryGet(MicrosoftAttribute.MppeSendKey, out var send));
            Assert.True(reply.TryGet(MicrosoftAttribute.MppeRecvKey, out var receive));
            Assert.Equal(MsChapVectors.SendKey, MppeKeysTests.Reveal(send, Wire.Authenticator, Wire.Secret));
            Assert.Equal(MsChapVectors.ReceiveKey, MppeKeysTests.Reveal(receive, Wire.Authenticator, Wire.Secret));
            Assert.Equal(0x80, send[0] & 0x80);
            Assert.Equal(0x80, receive[0] & 0x80);
            Assert.False(send[..2].SequenceEqual(receive[..2]));
            salts.Add(Convert.ToHexString(send[..2]));
            Assert.True(reply.TryGet(MicrosoftAttribute.MppeEncryptionPolicy, out var policy));
            Assert.Equal(Wire.Hex("00000001"), policy);
            Assert.True(reply.TryGet(MicrosoftAttribute.MppeEncryptionTypes, out var types));
            Assert.Equal(Wire.Hex("00000004"), types);
        }

        Assert.InRange(salts.Count, 15, 20);
    }

    [Theory]
    [InlineData(MsChapError.AuthenticationFailure, "Wrong user name or password", "^E=691 R=0 C=[0-9A-F]{32} V=3 M=Wrong user name or password$")]
    [InlineData(MsChapError.AccountDisabled, "", "^E=647 R=0 C=[0-9A-F]{32} V=3 M=$")]
    internal void An_error_has_number_challenge_version_and_words(MsChapError error, string message, string expected)
    {
        var value = Reject(error, message);

        Assert.Equal(MsChapVectors.Identifier, value[0]);
        Assert.Matches(expected, Encoding.UTF8.GetString(value, 1, value.Length - 1));
    }

    [Fact]
    public void Words_that_do_not_fit_are_cut_between_letters()
    {
        var value = Reject(MsChapError.AuthenticationFailure, new string('ü', 200));

        Assert.InRange(value.Length, 246, 247);
        Assert.EndsWith("ü", Encoding.UTF8.GetString(value), StringComparison.Ordinal);
    }

    private RadiusPacket Accept()
    {
        var request = Wire.Read(MsChapVectors.Request());
        Assert.True(MsChap2Response.TryRead(request, out var response));
        var reply = PacketWriter.Reply(_buffer, PacketCode.AccessAccept, request);
        response.AddSuccess(ref reply, Password, request.Authenticator, Wire.Secret);
        return Wire.Read(reply.Sign(Wire.Secret));
    }

    private byte[] Reject(MsChapError error, string message)
    {
        var request = Wire.Read(MsChapVectors.Request());
        Assert.True(MsChap2Response.TryRead(request, out var response));
        var reply = PacketWriter.Reply(_buffer, PacketCode.AccessReject, request);
        response.AddError(ref reply, error, message);
        Assert.True(Wire.Read(reply.Sign(Wire.Secret)).TryGet(MicrosoftAttribute.ChapError, out var value));
        return value.ToArray();
    }
}
