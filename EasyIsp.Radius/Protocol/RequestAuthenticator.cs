using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// The header's authenticator in a request: random in Access-Request and Status-Server, elsewhere a digest over the
/// packet, zeros in its place, and the secret (RFC 2866 section 3, RFC 5176 section 2.3).
/// </summary>
internal static class RequestAuthenticator
{
    /// <summary>Whether packets of this code carry a digest that can be verified.</summary>
    public static bool IsDigest(PacketCode code)
        => code is PacketCode.AccountingRequest or PacketCode.CoaRequest or PacketCode.DisconnectRequest;

    public static bool Verify(in RadiusPacket request, SharedSecret secret)
    {
        Span<byte> expected = stackalloc byte[PacketDigest.Size];
        PacketDigest.Md5(request.Octets, PacketDigest.ZeroAuthenticator, secret, expected);
        return CryptographicOperations.FixedTimeEquals(expected, request.Authenticator);
    }
}
