using System.Net;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>
/// Every worked packet of reference/mikrotik.md section 4.11, read and where we write such packets written.
/// </summary>
public sealed class RouterOsPacketTests
{
    private readonly byte[] _buffer = new byte[RadiusPacket.MaxSize];

    [Fact]
    public void A_mac_login_captured_in_the_field_verifies_only_with_the_empty_password()
    {
        var request = Wire.Read(Wire.Packet(
            PacketCode.AccessRequest,
            Wire.Attribute(AttributeType.ChapChallenge, "9d27d80d8362400018ae691cfb2d99c6"),
            Wire.Attribute(AttributeType.ChapPassword, "e9df3f469e0ab5cfdbb479028d1fc5608e")));

        Assert.True(Chap.Verify(request, ""u8));
        Assert.False(Chap.Verify(request, "BC:24:11:EB:56:4D"u8));
    }

    [Fact]
    public void A_pppoe_login_is_read_and_proved()
    {
        var request = Wire.Read(MikrotikVectors.PppoeChapRequest);

        Assert.Equal(PacketCode.AccessRequest, request.Code);
        Assert.Equal(42, request.Identifier);
        Assert.Equal("0712345678"u8, Get(request, AttributeType.UserName));
        Assert.Equal("48:8F:5A:11:22:33"u8, Get(request, AttributeType.CallingStationId));
        Assert.Equal("pppoe-isp"u8, Get(request, AttributeType.CalledStationId));
        Assert.Equal("81000001"u8, Get(request, AttributeType.AcctSessionId));
        Assert.Equal((uint)ServiceType.Framed, Number(request, AttributeType.ServiceType));
        Assert.Equal((uint)NasPortType.Ethernet, Number(request, AttributeType.NasPortType));
        Assert.Equal(0x00F00001u, Number(request, AttributeType.NasPort));
        Assert.True(request.TryGetIPv4(AttributeType.NasIPAddress, out var nas));
        Assert.Equal(0x0AFF0002u, nas);
        Assert.Equal(MessageAuthenticatorCheck.Valid, MessageAuthenticator.CheckRequest(request, Wire.Secret));
        Assert.Equal(AuthenticationMethod.Chap, AuthenticationMethods.Of(request));
        Assert.True(Chap.Verify(request, "hello123"u8));
        Assert.False(Chap.Verify(request, "hello124"u8));
    }

    [Fact]
    public void Its_pap_variant_hides_the_same_password()
    {
        Span<byte> password = stackalloc byte[UserPassword.MaxSize];

        Assert.True(UserPassword.TryReveal(
            MikrotikVectors.PapPassword, Wire.Authenticator, Wire.Secret, password, out var length));
        Assert.Equal("hello123"u8, password[..length]);

        var size = UserPassword.Hide("hello123"u8, Wire.Authenticator, Wire.Secret, _buffer);
        Assert.Equal(MikrotikVectors.PapPassword, _buffer[..size]);
    }

    [Fact]
    public void Its_accept_is_written_octet_for_octet()
    {
        var request = Wire.Read(MikrotikVectors.PppoeChapRequest);
        var writer = PacketWriter.Reply(_buffer, PacketCode.AccessAccept, request);
        writer.AddText(MikrotikAttribute.RateLimit, "2M/5M");
        writer.AddUInt32(AttributeType.SessionTimeout, 86400);
        writer.AddUInt32(AttributeType.AcctInterimInterval, 300);
        writer.AddIPv4(AttributeType.FramedIPAddress, IPAddress.Parse("10.20.0.15"));

        Assert.Equal(MikrotikVectors.Accept, writer.Sign(Wire.Secret));
    }

    [Fact]
    public void Its_reject_is_written_octet_for_octet()
    {
        var request = Wire.Read(MikrotikVectors.PppoeChapRequest);
        var writer = PacketWriter.Reply(_buffer, PacketCode.AccessReject, request);
        writer.AddText(AttributeType.ReplyMessage, "Account expired");

        Assert.Equal(MikrotikVectors.Reject, writer.Sign(Wire.Secret));
    }

    [Fact]
    public void Both_replies_verify_against_the_request()
    {
        var request = Wire.Read(MikrotikVectors.PppoeChapRequest);

        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(Wire.Read(MikrotikVectors.Accept), request, Wire.Secret));
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(Wire.Read(MikrotikVectors.Reject), request, Wire.Secret));
    }

    [Fact]
    public void A_hotspot_login_is_read_and_proved()
    {
        var request = Wire.Read(MikrotikVectors.HotspotChapRequest);

        Assert.Equal("voucher1"u8, Get(request, AttributeType.UserName));
        Assert.Equal((uint)ServiceType.Login, Number(request, AttributeType.ServiceType));
        Assert.Equal((uint)NasPortType.Wireless80211, Number(request, AttributeType.NasPortType));
        Assert.True(request.TryGet(MikrotikAttribute.HostIP, out var hostIP));
        Assert.Equal(Wire.Hex("0a055814"), hostIP);
        Assert.True(request.TryGetVendor(VendorId.Wispr, (uint)WisprAttribute.LogoffUrl, out var logoffUrl));
        Assert.Equal("http://10.5.88.1/logout"u8, logoffUrl);
        Assert.Equal(MessageAuthenticatorCheck.Valid, MessageAuthenticator.CheckRequest(request, Wire.Secret));
        Assert.True(Chap.Verify(request, "voucher1"u8));
    }

    [Fact]
    public void An_accounting_start_is_read_proved_and_answered()
    {
        var request = Wire.Read(MikrotikVectors.AccountingStart);

        Assert.Equal((uint)AcctStatusType.Start, Number(request, AttributeType.AcctStatusType));
        Assert.Equal(0x68E77800u, Number(request, AttributeType.EventTimestamp));
        Assert.True(RequestAuthenticator.Verify(request, Wire.Secret));

        var response = PacketWriter.Reply(_buffer, PacketCode.AccountingResponse, request).Sign(Wire.Secret);
        Assert.Equal(MikrotikVectors.AccountingResponse, response);
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(Wire.Read(response), request, Wire.Secret));
    }

    [Fact]
    public void A_speed_change_is_written_octet_for_octet_and_its_answers_are_proved()
    {
        var writer = PacketWriter.DigestedRequest(_buffer, PacketCode.CoaRequest, identifier: 9);
        AddHotspotSession(ref writer);
        writer.AddText(MikrotikAttribute.RateLimit, "1M/3M");
        var sent = writer.Sign(Wire.Secret);

        Assert.Equal(MikrotikVectors.CoaRequest, sent);
        var request = Wire.Read(sent);
        var nak = Wire.Read(MikrotikVectors.CoaNak);
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(Wire.Read(MikrotikVectors.CoaAck), request, Wire.Secret));
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(nak, request, Wire.Secret));
        Assert.Equal((uint)ErrorCause.SessionContextNotFound, Number(nak, AttributeType.ErrorCause));
    }

    [Fact]
    public void A_disconnect_is_written_octet_for_octet()
    {
        var writer = PacketWriter.DigestedRequest(_buffer, PacketCode.DisconnectRequest, identifier: 10);
        AddHotspotSession(ref writer);

        var sent = writer.Sign(Wire.Secret);

        Assert.Equal(MikrotikVectors.DisconnectRequest, sent);
        Assert.True(RequestAuthenticator.Verify(Wire.Read(sent), Wire.Secret));
    }

    private static void AddHotspotSession(ref PacketWriter writer)
    {
        writer.AddText(AttributeType.UserName, "voucher1");
        writer.AddIPv4(AttributeType.FramedIPAddress, IPAddress.Parse("10.5.88.20"));
        writer.AddText(AttributeType.AcctSessionId, "80100014");
    }

    private static ReadOnlySpan<byte> Get(in RadiusPacket packet, AttributeType type)
    {
        Assert.True(packet.TryGet(type, out var value));
        return value;
    }

    private static uint Number(in RadiusPacket packet, AttributeType type)
    {
        Assert.True(packet.TryGetUInt32(type, out var value));
        return value;
    }
}
