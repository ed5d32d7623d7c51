using System.Net;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, cases 10, 19, 27, 29, 49 and 66.</summary>
public sealed class PacketWriterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly byte[] _buffer = new byte[RadiusPacket.MaxSize];

    [Theory]
    [InlineData(PacketCode.AccessAccept)]
    [InlineData(PacketCode.AccessReject)]
    [InlineData(PacketCode.AccessChallenge)]
    internal void Every_access_reply_begins_with_a_valid_message_authenticator(PacketCode code)
    {
        var request = Wire.Read(MikrotikVectors.PppoeChapRequest);
        var bare = Wire.Read(PacketWriter.Reply(_buffer, code, request).Sign(Wire.Secret));
        AssertProtected(bare, request);

        var writer = PacketWriter.Reply(_buffer, code, request);
        writer.AddText(AttributeType.ReplyMessage, "Karibu");
        AssertProtected(Wire.Read(writer.Sign(Wire.Secret)), request);
    }

    [Theory]
    [InlineData(PacketCode.AccessRequest, PacketCode.AccessAccept)]
    [InlineData(PacketCode.AccessRequest, PacketCode.AccessReject)]
    [InlineData(PacketCode.AccessRequest, PacketCode.AccessChallenge)]
    [InlineData(PacketCode.AccountingRequest, PacketCode.AccountingResponse)]
    [InlineData(PacketCode.CoaRequest, PacketCode.CoaAck)]
    [InlineData(PacketCode.CoaRequest, PacketCode.CoaNak)]
    internal void Every_reply_returns_all_proxy_states_unchanged_and_in_order(PacketCode requestCode, PacketCode replyCode)
    {
        var request = Wire.Read(Wire.Packet(requestCode, "210301", "010361", "2102", "210500ff00", "210301"));

        var reply = Wire.Read(PacketWriter.Reply(_buffer, replyCode, request).Sign(Wire.Secret));

        var states = new List<string>();
        foreach (var state in reply.All(AttributeType.ProxyState))
            states.Add(Convert.ToHexStringLower(state.Value));
        Assert.Equal(["01", "", "00ff00", "01"], states);
        Assert.False(reply.Has(AttributeType.UserName));
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(reply, request, Wire.Secret));
    }

    [Fact]
    public void A_value_of_more_than_253_octets_is_refused_and_the_packet_stays_usable()
    {
        var writer = PacketWriter.DigestedRequest(_buffer, PacketCode.CoaRequest, identifier: 1);
        writer.AddText(AttributeType.ReplyMessage, Text('a', 253));
        var before = writer.Sign(Wire.Secret).Length;

        Refuses(ref writer, AttributeType.ReplyMessage, 254,
            static (ref w) => w.AddText(AttributeType.ReplyMessage, Text('a', 254)));
        Refuses(ref writer, AttributeType.ReplyMessage, 254,
            static (ref w) => w.AddText(AttributeType.ReplyMessage, Text('ü', 127)));
        Refuses(ref writer, AttributeType.VendorSpecific, 254,
            static (ref w) => w.AddText(MikrotikAttribute.RateLimit, Text('a', 248)));

        Assert.Equal(before, writer.Sign(Wire.Secret).Length);
        writer.AddText(MikrotikAttribute.RateLimit, Text('a', 247));
        Assert.Equal(PacketFault.None, Wire.FaultOf(writer.Sign(Wire.Secret)));
    }

    [Fact]
    public void A_packet_fills_4096_octets_and_no_more_however_large_its_buffer()
    {
        var writer = PacketWriter.DigestedRequest(new byte[10_000], PacketCode.CoaRequest, identifier: 1);
        for (var i = 0; i < 15; i++)
            writer.Add(AttributeType.Class, new byte[253]);
        writer.Add(AttributeType.Class, new byte[249]);

        Refuses(ref writer, AttributeType.Class, 0, static (ref w) => w.Add(AttributeType.Class, []));
        Assert.Equal(RadiusPacket.MaxSize, writer.Sign(Wire.Secret).Length);
    }

    [Fact]
    public void A_reply_that_cannot_hold_the_proxy_states_is_refused_not_truncated()
    {
        var longest = Wire.Attribute(AttributeType.ProxyState, new string('0', 2 * 253));
        var rest = Wire.Attribute(AttributeType.ProxyState, new string('0', 2 * 249));
        var request = Wire.Packet(PacketCode.AccessRequest, [.. Enumerable.Repeat(longest, 15), rest]);

        Assert.Equal(RadiusPacket.MaxSize, request.Length);
        Assert.Throws<PacketOverflowException>(
            () => PacketWriter.Reply(_buffer, PacketCode.AccessAccept, Wire.Read(request)).Sign(Wire.Secret));
    }

    [Theory]
    [InlineData(PacketCode.CoaRequest, PacketCode.CoaAck, PacketCode.DisconnectAck)]
    [InlineData(PacketCode.DisconnectRequest, PacketCode.DisconnectNak, PacketCode.CoaNak)]
    internal void An_order_to_a_router_is_signed_timed_and_believes_only_its_own_reply(
        PacketCode code, PacketCode answer, PacketCode foreign)
    {
        var writer = PacketWriter.DynamicAuthorization(_buffer, code, identifier: 200, Noon);
        writer.AddText(AttributeType.UserName, "0712345678");
        var request = Wire.Read(writer.Sign(Wire.Secret));

        Assert.True(RequestAuthenticator.Verify(request, Wire.Secret));
        Assert.Equal(MessageAuthenticatorCheck.Valid, MessageAuthenticator.CheckRequest(request, Wire.Secret));
        Assert.True(request.TryGetUInt32(AttributeType.EventTimestamp, out var seconds));
        Assert.Equal(Noon, DateTimeOffset.FromUnixTimeSeconds(seconds));

        var other = new SharedSecret("spoofed");
        Assert.Equal(ReplyCheck.Genuine, CheckReply(request, answer, Wire.Secret));
        Assert.Equal(ReplyCheck.UnexpectedCode, CheckReply(request, foreign, Wire.Secret));
        Assert.Equal(ReplyCheck.WrongAuthenticator, CheckReply(request, answer, other));

        var later = PacketWriter.DynamicAuthorization(new byte[64], code, identifier: 201, Noon).Sign(Wire.Secret);
        var reply = PacketWriter.Reply(new byte[64], answer, Wire.Read(later)).Sign(Wire.Secret);
        Assert.Equal(ReplyCheck.OtherIdentifier, ResponseAuthenticator.Check(Wire.Read(reply), request, Wire.Secret));
    }

    [Fact]
    public void A_reply_whose_message_authenticator_is_wrong_is_not_believed()
    {
        var request = Wire.Read(MikrotikVectors.PppoeChapRequest);
        var writer = PacketWriter.Reply(_buffer, PacketCode.CoaAck, request);
        writer.Add(AttributeType.MessageAuthenticator, new byte[16]);
        _buffer[0] = (byte)PacketCode.AccessAccept;

        var reply = Wire.Read(writer.Sign(Wire.Secret));

        Assert.Equal(ReplyCheck.WrongMessageAuthenticator, ResponseAuthenticator.Check(reply, request, Wire.Secret));
    }

    [Fact]
    public void An_ipv6_address_does_not_pass_for_an_ipv4_address()
        => Assert.Throws<ArgumentException>(() =>
            PacketWriter.DigestedRequest(new byte[64], PacketCode.CoaRequest, identifier: 1)
                .AddIPv4(AttributeType.FramedIPAddress, IPAddress.IPv6Loopback));

    private delegate void Write(ref PacketWriter writer);

    private static string Text(char letter, int length) => new(letter, length);

    private static void Refuses(ref PacketWriter writer, AttributeType type, int octets, Write write)
    {
        PacketOverflowException? refusal = null;
        try
        {
            write(ref writer);
        }
        catch (PacketOverflowException exception)
        {
            refusal = exception;
        }

        Assert.NotNull(refusal);
        Assert.Equal(type, refusal.Attribute);
        Assert.Equal(octets, refusal.Octets);
    }

    private static ReplyCheck CheckReply(in RadiusPacket request, PacketCode code, SharedSecret secret)
        => ResponseAuthenticator.Check(
            Wire.Read(PacketWriter.Reply(new byte[64], code, request).Sign(secret)), request, Wire.Secret);

    private static void AssertProtected(in RadiusPacket reply, in RadiusPacket request)
    {
        Assert.Equal((byte)AttributeType.MessageAuthenticator, reply.Octets[RadiusPacket.HeaderSize]);
        Assert.Equal(
            MessageAuthenticatorCheck.Valid,
            MessageAuthenticator.CheckReply(reply, request.Authenticator, Wire.Secret));
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(reply, request, Wire.Secret));
    }
}
