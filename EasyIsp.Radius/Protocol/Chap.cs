using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// CHAP (RFC 2865 sections 2.2 and 5.3): an identifier and MD5 over identifier, password and challenge.
/// </summary>
internal static class Chap
{
    public const int ResponseSize = 17;

    /// <summary>
    /// The challenge is the CHAP-Challenge attribute, or the Request Authenticator where there is none. False also when
    /// CHAP-Password is missing or not 17 octets, or the challenge is empty. An empty password is a password: RouterOS
    /// logs MAC addresses in with it.
    /// </summary>
    public static bool Verify(in RadiusPacket request, ReadOnlySpan<byte> password)
    {
        if (!request.TryGet(AttributeType.ChapPassword, out var response) || response.Length != ResponseSize)
            return false;
        if (!request.TryGet(AttributeType.ChapChallenge, out var challenge))
            challenge = request.Authenticator;
        else if (challenge.IsEmpty)
            return false;

        Span<byte> expected = stackalloc byte[PacketDigest.Size];
        Respond(response[0], password, challenge, expected);
        return CryptographicOperations.FixedTimeEquals(expected, response[1..]);
    }

    /// <summary>Writes the 16 octets that follow the identifier in a CHAP-Password attribute.</summary>
    public static void Respond(
        byte identifier, ReadOnlySpan<byte> password, ReadOnlySpan<byte> challenge, Span<byte> response)
    {
        Span<byte> input = stackalloc byte[1 + password.Length + challenge.Length];
        input[0] = identifier;
        password.CopyTo(input[1..]);
        challenge.CopyTo(input[(1 + password.Length)..]);
        Md5.Hash(input, response);
        CryptographicOperations.ZeroMemory(input);
    }
}
