using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Trials;

/// <summary>Writes the Access-Request as RouterOS does, as far as a decision depends on it, signed with the router's secret.</summary>
internal static class TrialRequest
{
    private const byte ChapIdentifier = 1;

    // MS-CHAP2-Response: identifier, flags, peer challenge, eight reserved octets, response (RFC 2548 section 2.3.2).
    private const int MsChapResponseSize = 50;
    private const int PeerChallengeOffset = 2;
    private const int NtResponseOffset = 26;

    public static byte[] Write(LoginTest test, string userName, string password, Nas nas)
    {
        Span<byte> authenticator = stackalloc byte[RadiusPacket.AuthenticatorSize];
        RandomNumberGenerator.Fill(authenticator);
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var request = PacketWriter.AccessRequest(buffer, PacketCode.AccessRequest, identifier: 1, authenticator);
        AddService(ref request, test.Kind);
        request.AddText(AttributeType.UserName, userName);
        if (test.MacAddress is { } device)
            request.AddText(AttributeType.CallingStationId, test.Kind is LoginTestKind.Dhcp ? $"1:{device.ToLowerInvariant()}" : device);
        AddPassword(ref request, test.Method, userName, password, authenticator, nas.Secret);
        request.AddMessageAuthenticator();
        return request.Sign(nas.Secret).ToArray();
    }

    /// <summary>RouterOS's DHCP server names no service.</summary>
    private static void AddService(ref PacketWriter request, LoginTestKind kind)
    {
        if (kind is LoginTestKind.Pppoe)
        {
            request.AddUInt32(AttributeType.ServiceType, (uint)ServiceType.Framed);
            request.AddUInt32(AttributeType.FramedProtocol, (uint)FramedProtocol.Ppp);
        }
        else if (kind is LoginTestKind.Hotspot)
        {
            request.AddUInt32(AttributeType.ServiceType, (uint)ServiceType.Login);
        }

        request.AddUInt32(AttributeType.NasPortType, (uint)NasPortType.Ethernet);
    }

    private static void AddPassword(
        ref PacketWriter request, LoginTestMethod method, string userName, string password, ReadOnlySpan<byte> authenticator, SharedSecret secret)
    {
        var octets = Encoding.UTF8.GetBytes(password);
        Span<byte> value = stackalloc byte[UserPassword.MaxSize];
        value.Clear();
        switch (method)
        {
            case LoginTestMethod.Chap:
                value[0] = ChapIdentifier;
                Chap.Respond(ChapIdentifier, octets, authenticator, value[1..]);
                request.Add(AttributeType.ChapPassword, value[..Chap.ResponseSize]);
                break;
            case LoginTestMethod.MsChapV2:
                var peerChallenge = value.Slice(PeerChallengeOffset, MsChapV2.ChallengeSize);
                RandomNumberGenerator.Fill(peerChallenge);
                var challenge = new MsChap2Challenge(authenticator, peerChallenge, Encoding.UTF8.GetBytes(userName));
                MsChapV2.Respond(challenge, new KnownPassword(password).NtHash, value[NtResponseOffset..]);
                request.Add(MicrosoftAttribute.ChapChallenge, authenticator);
                request.Add(MicrosoftAttribute.Chap2Response, value[..MsChapResponseSize]);
                break;
            default:
                request.Add(AttributeType.UserPassword, value[..UserPassword.Hide(octets, authenticator, secret, value)]);
                break;
        }
    }
}
