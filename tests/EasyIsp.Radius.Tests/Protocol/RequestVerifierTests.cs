using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, cases 16, 18, 22 to 26, 28 and 65.</summary>
public sealed class RequestVerifierTests
{
    private const MessageAuthenticatorMode Auto = MessageAuthenticatorMode.Auto;

    [Theory]
    [InlineData(MessageAuthenticatorMode.Auto)]
    [InlineData(MessageAuthenticatorMode.Require)]
    [InlineData(MessageAuthenticatorMode.Off)]
    internal void A_valid_message_authenticator_passes_and_a_wrong_one_never_does(MessageAuthenticatorMode mode)
    {
        byte[] wrong = [.. MikrotikVectors.PppoeChapRequest];
        wrong[^1] ^= 1;

        Assert.Equal(RequestVerdict.Genuine, Verify(MikrotikVectors.PppoeChapRequest, mode));
        Assert.Equal(RequestVerdict.WrongMessageAuthenticator, Verify(wrong, mode));
    }

    [Theory]
    [InlineData("5003ff")]
    [InlineData("501100112233445566778899aabbccddee")]
    [InlineData("5002")]
    [InlineData("501200112233445566778899aabbccddeeff501200112233445566778899aabbccddeeff")]
    public void One_of_a_wrong_size_and_two_of_them_are_malformed(string attributes)
        => Assert.Equal(
            RequestVerdict.MalformedMessageAuthenticator,
            Verify(Wire.Packet(PacketCode.AccessRequest, attributes), MessageAuthenticatorMode.Off));

    [Fact]
    public void Where_it_is_missing_the_setting_of_the_nas_decides()
    {
        var plain = Wire.Packet(PacketCode.AccessRequest, "010361");

        Assert.Equal(RequestVerdict.MissingMessageAuthenticator, Verify(plain, MessageAuthenticatorMode.Require));
        Assert.Equal(RequestVerdict.Genuine, Verify(plain, MessageAuthenticatorMode.Off));
        Assert.Equal(RequestVerdict.Genuine, Verify(plain, Auto));
    }

    [Fact]
    public void Auto_requires_it_from_the_first_valid_one_on()
    {
        var plain = Wire.Packet(PacketCode.AccessRequest, "010361");
        byte[] forged = [.. MikrotikVectors.PppoeChapRequest];
        forged[^1] ^= 1;
        var verifier = new RequestVerifier(Wire.Secret, Auto, isTrustedProxy: false);

        Assert.Equal(RequestVerdict.WrongMessageAuthenticator, verifier.Verify(Wire.Read(forged)));
        Assert.Equal(RequestVerdict.Genuine, verifier.Verify(Wire.Read(plain)));
        Assert.False(verifier.HasSentMessageAuthenticator);
        Assert.Equal(RequestVerdict.Genuine, verifier.Verify(Wire.Read(MikrotikVectors.PppoeChapRequest)));
        Assert.True(verifier.HasSentMessageAuthenticator);
        Assert.Equal(RequestVerdict.MissingMessageAuthenticator, verifier.Verify(Wire.Read(plain)));
    }

    [Fact]
    public void Eap_without_it_is_dropped_whatever_the_setting()
        => Assert.Equal(
            RequestVerdict.MissingMessageAuthenticator,
            Verify(Wire.Packet(PacketCode.AccessRequest, "4f0361"), MessageAuthenticatorMode.Off));

    [Fact]
    public void Proxy_state_without_it_is_believed_of_a_trusted_proxy_only()
    {
        var attack = Wire.Packet(PacketCode.AccessRequest, [.. Enumerable.Repeat("210361", 150)]);

        Assert.Equal(RequestVerdict.UnprotectedProxyState, Verify(attack, MessageAuthenticatorMode.Off));
        Assert.Equal(
            RequestVerdict.Genuine,
            new RequestVerifier(Wire.Secret, Auto, isTrustedProxy: true).Verify(Wire.Read(attack)));

        var writer = PacketWriter.AccessRequest(new byte[128], PacketCode.AccessRequest, 1, Wire.Authenticator);
        writer.Add(AttributeType.ProxyState, "a"u8);
        writer.AddMessageAuthenticator();
        Assert.Equal(RequestVerdict.Genuine, Verify(writer.Sign(Wire.Secret), Auto));
    }

    [Theory]
    [InlineData(PacketCode.AccountingRequest)]
    [InlineData(PacketCode.CoaRequest)]
    [InlineData(PacketCode.DisconnectRequest)]
    internal void A_digested_request_proves_itself_and_its_message_authenticator_when_there(PacketCode code)
    {
        var buffer = new byte[128];
        var unsigned = PacketWriter.DigestedRequest(buffer, code, identifier: 1);
        Assert.Equal(RequestVerdict.Genuine, Verify(unsigned.Sign(Wire.Secret), MessageAuthenticatorMode.Require));
        Assert.Equal(RequestVerdict.WrongRequestAuthenticator, Verify(unsigned.Sign(new SharedSecret("x")), Auto));

        var signed = PacketWriter.DigestedRequest(buffer, code, identifier: 1);
        signed.AddMessageAuthenticator();
        Assert.Equal(RequestVerdict.Genuine, Verify(signed.Sign(Wire.Secret), Auto));

        var wrong = PacketWriter.DigestedRequest(buffer, code, identifier: 1);
        wrong.Add(AttributeType.MessageAuthenticator, new byte[16]);
        Assert.Equal(RequestVerdict.WrongMessageAuthenticator, Verify(wrong.Sign(Wire.Secret), Auto));
    }

    [Fact]
    public void Status_server_must_carry_it_and_does_not_commit_the_nas_to_it()
    {
        var writer = PacketWriter.AccessRequest(new byte[64], PacketCode.StatusServer, 1, Wire.Authenticator);
        writer.AddMessageAuthenticator();
        var verifier = new RequestVerifier(Wire.Secret, Auto, isTrustedProxy: false);

        Assert.Equal(RequestVerdict.Genuine, verifier.Verify(Wire.Read(writer.Sign(Wire.Secret))));
        Assert.False(verifier.HasSentMessageAuthenticator);
        Assert.Equal(
            RequestVerdict.MissingMessageAuthenticator,
            Verify(Wire.Packet(PacketCode.StatusServer), MessageAuthenticatorMode.Off));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(41)]
    [InlineData(44)]
    [InlineData(250)]
    public void What_is_no_request_is_never_genuine(int code)
        => Assert.Equal(RequestVerdict.NotARequest, Verify(Wire.Packet((PacketCode)code), MessageAuthenticatorMode.Off));

    [Theory]
    [InlineData("x")]
    [InlineData("a secret of more than sixty-four octets, longer than one block of MD5, which HMAC hashes first")]
    [InlineData("sirí ya mtandao ✓")]
    public void Secrets_of_any_length_and_alphabet_work(string text)
    {
        var secret = new SharedSecret(text);
        var writer = PacketWriter.AccessRequest(new byte[128], PacketCode.AccessRequest, 1, Wire.Authenticator);
        writer.AddMessageAuthenticator();
        var request = Wire.Read(writer.Sign(secret));

        var verifier = new RequestVerifier(secret, Auto, isTrustedProxy: false);
        Assert.Equal(RequestVerdict.Genuine, verifier.Verify(request));
        Assert.Equal(RequestVerdict.WrongMessageAuthenticator, Verify(request.Octets, Auto));

        var reply = Wire.Read(PacketWriter.Reply(new byte[64], PacketCode.AccessReject, request).Sign(secret));
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(reply, request, secret));
    }

    [Fact]
    public void An_empty_secret_is_refused_and_no_secret_is_printed()
    {
        Assert.Throws<ArgumentException>(() => new SharedSecret(""));
        Assert.Throws<ArgumentException>(() => new SharedSecret(new string('x', SharedSecret.MaxOctets + 1)));
        Assert.DoesNotContain("testing123", $"{Wire.Secret}", StringComparison.Ordinal);
    }

    private static RequestVerdict Verify(ReadOnlySpan<byte> request, MessageAuthenticatorMode mode)
        => new RequestVerifier(Wire.Secret, mode, isTrustedProxy: false).Verify(Wire.Read(request));
}
